import type { ErrorCode } from '@cairn/contracts'

/** `chunked`: the client cuts and sends only missing chunks; the others are byte streams. */
export type SessionKind = 'stream' | 'partial' | 'final' | 'chunked'

/** docs/upload.md draws the transitions. */
export type SessionState = 'open' | 'assembling' | 'finishing' | 'refused' | 'done'

export interface SessionKey {
  readonly userId: string
  readonly uploadId: string
}

/** Where the file is going: a new version of `nodeId`, or `name` in `parentId`. */
export interface Target {
  readonly vaultId: string
  readonly driveId: string
  readonly nodeId: string | undefined
  readonly parentId: string | undefined
  readonly name: string
}

export type OnConflict = 'version' | 'fail' | 'rename'

export interface Session extends SessionKey {
  readonly kind: SessionKind
  readonly state: SessionState
  readonly deviceId: string
  readonly target: Target
  /** Bytes; undefined while the client has not said. */
  readonly length: number | undefined
  /** No stream longer than this is accepted. */
  readonly byteLimit: number
  /** Durable bytes as last seen here; storage knows better. */
  readonly durable: number
  /** Bytes that have come in; for people who watch. */
  readonly received: number
  /** `Upload-Metadata` as the client sent it. */
  readonly metadata: string | undefined
  readonly mtimeMs: number | undefined
  readonly onConflict: OnConflict
  /** Upload ids a `final` is made of, in order. */
  readonly parts: readonly string[] | undefined
  readonly versionId: string | undefined
  readonly opId: string | undefined
  readonly resultNodeId: string | undefined
  readonly errorCode: ErrorCode | undefined
  readonly fence: number
  readonly createdAt: Date
  readonly activeAt: Date
  readonly leaseUntil: Date
  /** By the database's clock. */
  readonly expired: boolean
}

export interface Finished {
  readonly nodeId: string
  readonly versionId: string
}

export const finishedResult = (session: Session): Finished | undefined =>
  session.state === 'done' && session.resultNodeId !== undefined && session.versionId !== undefined
    ? { nodeId: session.resultNodeId, versionId: session.versionId }
    : undefined
