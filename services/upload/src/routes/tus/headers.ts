import type { IncomingHttpHeaders } from 'node:http'
import { CairnError } from '@cairn/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { badRequest, tooLarge } from '../../errors.ts'
import { declaredLength } from '../../http/body.ts'
import { type Checksum, parseChecksum } from '../../tus/checksum.ts'
import { TUS_BODY_TYPE, TUS_PATH, TUS_VERSION } from '../../tus/constants.ts'
import { parseCount } from '../../tus/numbers.ts'
import { parseUploadId } from '../upload-id.ts'

/** `Tus-Resumable` on every answer, refusals included; any other version than ours is refused. */
export const requireTusVersion = (request: FastifyRequest, reply: FastifyReply): void => {
  reply.header('tus-resumable', TUS_VERSION)
  if (request.headers['tus-resumable'] === TUS_VERSION) return
  reply.header('tus-version', TUS_VERSION)
  throw new CairnError('precondition_failed', `Tus-Resumable must be ${TUS_VERSION}.`)
}

export const refuseMethodOverride = (request: FastifyRequest): void => {
  if (request.headers['x-http-method-override'] === undefined) return
  throw badRequest('X-HTTP-Method-Override is taken on POST /v1/uploads/:id only.')
}

export interface DeclaredLength {
  /** Undefined when the client will say later. */
  readonly length: number | undefined
}

export const parseDeclaredLength = (headers: IncomingHttpHeaders, max: number): DeclaredLength => {
  const { 'upload-length': length, 'upload-defer-length': deferred } = headers
  if (deferred !== undefined && (deferred !== '1' || length !== undefined)) {
    throw badRequest('Upload-Defer-Length must be 1 and excludes Upload-Length.')
  }
  return deferred === undefined ? { length: parseLength(length, max) } : { length: undefined }
}

export const parseLength = (value: unknown, max: number): number =>
  parseCount({ name: 'Upload-Length', value, max, beyond: () => tooLarge(max) })

export const parseOffset = (value: unknown): number =>
  parseCount({
    name: 'Upload-Offset',
    value,
    max: Number.MAX_SAFE_INTEGER,
    beyond: () => new CairnError('offset_mismatch', 'No upload reaches that offset.')
  })

export const requireTusBody = ({ headers }: FastifyRequest): void => {
  if (headers['content-type'] === TUS_BODY_TYPE) return
  throw new CairnError('unsupported_media_type', `The content type must be ${TUS_BODY_TYPE}.`)
}

export const parseBodyChecksum = ({ headers }: FastifyRequest): Checksum | undefined => {
  if (headers.trailer !== undefined) throw badRequest('Checksums are taken as a header, not as a trailer.')
  return parseChecksum(headers['upload-checksum'])
}

export const carriesBody = (request: FastifyRequest): boolean => declaredLength(request.raw) !== 0

export type Concatenation = 'partial' | { readonly parts: readonly string[] } | undefined

const MAX_PARTS = 200

/** `partial`, or `final;` and the URLs of its parts, absolute or relative. */
export const parseConcatenation = (header: unknown): Concatenation => {
  if (header === undefined) return undefined
  if (header === 'partial') return 'partial'
  if (typeof header !== 'string' || !header.startsWith('final;')) throw badRequest('Upload-Concat cannot be read.')
  const urls = header.slice('final;'.length).trim().split(/ +/)
  if (urls.length > MAX_PARTS) throw badRequest(`A final upload has at most ${MAX_PARTS} parts.`)
  return { parts: urls.map(partId) }
}

/** Only the path counts: a proxy may have changed the origin. */
const partId = (url: string): string => {
  const path = URL.parse(url, 'http://upload.invalid')?.pathname
  if (!path?.startsWith(`${TUS_PATH}/`)) throw badRequest('Upload-Concat names something that is not an upload.')
  return parseUploadId(path.slice(TUS_PATH.length + 1))
}
