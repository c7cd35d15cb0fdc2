import type { FastifyReply } from 'fastify'
import { finishedResult, type Session } from '../../domain/session.ts'
import type { TusCall } from '../../tus/call.ts'
import { TUS_PATH } from '../../tus/constants.ts'

/** Of the library's headers only these are passed on; CORS is the gateway's. */
const PASSED_ON = [
  'location',
  'cache-control',
  'upload-offset',
  'upload-length',
  'upload-defer-length',
  'tus-version',
  'tus-extension',
  'tus-max-size',
  'cairn-node-id',
  'cairn-version-id'
]

export const passOn = (response: Response, reply: FastifyReply): FastifyReply => {
  for (const name of PASSED_ON) {
    const value = response.headers.get(name)
    if (value !== null) reply.header(name, value)
  }
  return reply.code(response.status)
}

/** Also on refusals: where the upload is and how far it got, so that the client can go on. */
export const describeUpload = (call: TusCall, reply: FastifyReply): void => {
  const { session, offset } = call
  if (session === undefined) return
  if (call.method === 'POST') reply.header('location', `${TUS_PATH}/${session.uploadId}`)
  if (offset !== undefined) reply.header('upload-offset', offset)
  if (call.finished === undefined && session.state !== 'done') describeLease(session, reply)
}

export const describeLease = (session: Session, reply: FastifyReply): void => {
  reply.header('upload-expires', session.leaseUntil.toUTCString())
}

export const describeSession = (session: Session, reply: FastifyReply): void => {
  if (session.metadata !== undefined) reply.header('upload-metadata', session.metadata)
  if (session.kind === 'partial') reply.header('upload-concat', 'partial')
  if (session.kind === 'final') {
    const parts = (session.parts ?? []).map((id) => `${TUS_PATH}/${id}`)
    reply.header('upload-concat', `final;${parts.join(' ')}`)
  }
  const finished = finishedResult(session)
  if (finished === undefined) return
  reply.header('cairn-node-id', finished.nodeId)
  reply.header('cairn-version-id', finished.versionId)
}
