import type { metadataV1, StorageData } from '@cairn/contracts'
import { sendBytes } from '@cairn/http'
import { create as contentDisposition } from 'content-disposition'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isShownInline, mediaTypeOf } from './media-type.ts'

export interface Sending {
  readonly storageData: StorageData
  readonly content: metadataV1.AuthorizeReadResponse
  /** What the reader would like; inline is granted to types that cannot run anything. */
  readonly disposition: 'inline' | 'attachment'
}

/** Whatever a browser makes of the bytes, it makes it in an origin of its own, without scripts. */
const DOWNLOAD_POLICY = "default-src 'none'; sandbox"
/** The viewers that browsers build around a picture or a film load it once more, as its own page. */
const VIEWER_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"

/** Answers GET and HEAD for one content: conditional requests, one range, verified bytes. */
export const sendContent = async (request: FastifyRequest, reply: FastifyReply, sending: Sending): Promise<void> => {
  const { content, storageData } = sending
  const { vaultId, manifestId, name } = content
  const inline = sending.disposition === 'inline' && isShownInline(name)
  reply.headers({
    'last-modified': new Date(Number(content.mtimeMs)).toUTCString(),
    'cache-control': 'private, no-store',
    vary: 'Authorization, Cookie',
    'content-type': mediaTypeOf(name),
    'content-disposition': contentDisposition(name, { type: inline ? 'inline' : 'attachment' }),
    'content-security-policy': inline ? VIEWER_POLICY : DOWNLOAD_POLICY,
    'x-content-type-options': 'nosniff',
    'cairn-node-id': content.nodeId,
    'cairn-version-id': content.versionId
  })
  await sendBytes(request, reply, {
    etag: `"${content.versionId}"`,
    size: Number(content.size),
    read: ({ start, end }) => storageData.read({ vaultId, manifestId, start, end }, request.signal)
  })
}
