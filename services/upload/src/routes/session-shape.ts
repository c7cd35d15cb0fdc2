import { Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'
import type { Session } from '../domain/session.ts'

const Time = Type.String({ format: 'date-time' })

export const UploadStatus = Type.Object(
  {
    id: Uuid,
    kind: Type.Enum(['stream', 'partial', 'final', 'chunked']),
    state: Type.Enum(['open', 'assembling', 'finishing', 'refused', 'done'], {
      description: 'refused: all bytes are here, the commit was not allowed; may be retried'
    }),
    driveId: Uuid,
    parentId: Type.Union([Uuid, Type.Null()]),
    name: Type.String(),
    length: Type.Union([Type.Integer(), Type.Null()], { description: 'Bytes; null while unknown' }),
    offset: Type.Integer({ description: 'Bytes that are durable, at most a second old' }),
    received: Type.Integer({ description: 'Bytes that have come in, at most a second old' }),
    createdAt: Time,
    activeAt: Time,
    expiresAt: Time,
    error: Type.Union([Type.String(), Type.Null()], { description: 'Code of the last refusal' }),
    nodeId: Type.Union([Uuid, Type.Null()]),
    versionId: Type.Union([Uuid, Type.Null()])
  },
  { title: 'UploadStatus' }
)
export type UploadStatus = Static<typeof UploadStatus>

export const toUploadStatus = (session: Session): UploadStatus => ({
  id: session.uploadId,
  kind: session.kind,
  state: session.state,
  driveId: session.target.driveId,
  parentId: session.target.parentId ?? null,
  name: session.target.name,
  length: session.length ?? null,
  offset: session.durable,
  received: Math.max(session.received, session.durable),
  createdAt: session.createdAt.toISOString(),
  activeAt: session.activeAt.toISOString(),
  expiresAt: session.leaseUntil.toISOString(),
  error: session.errorCode ?? null,
  nodeId: session.resultNodeId ?? null,
  versionId: session.state === 'done' ? (session.versionId ?? null) : null
})
