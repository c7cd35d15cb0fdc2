import { type AppendResult, CairnError } from '@cairn/contracts'
import { createCallSignal } from '@cairn/runtime'
import type { UploadContext } from '../context.ts'
import { releaseUnused } from '../domain/commit.ts'
import { copied } from '../domain/copied.ts'
import type { Session } from '../domain/session.ts'
import { lockTaken } from '../errors.ts'
import type { HeldLock } from '../lock/held-lock.ts'
import type { TusBody } from './call.ts'
import { type Checksum, verifyChecksum } from './checksum.ts'

const KEEP_ON = new AbortController().signal

export interface Arrival {
  readonly session: Session
  readonly lock: HeldLock
  readonly offset: number
  readonly body: TusBody
}

/** Small checked bodies are verified in memory, larger ones in a scratch content. */
const BUFFERED_BYTES = 4 * 1024 * 1024

/**
 * Appends a request's body to the session's stream; returns the new durable offset. What arrived of a
 * broken body is kept and counted before the error is thrown, unless the body carries a checksum.
 */
export const receive = async (context: UploadContext, arrival: Arrival): Promise<number> => {
  const { session, lock, offset, body } = arrival
  using call = createCallSignal({ parents: [lock.stop, context.stopping] })
  const end = session.length ?? session.byteLimit
  const stream = body.open({
    limit: Math.max(0, end - offset),
    signal: call.signal,
    onBytes: (received) => lock.arrived(offset + received)
  })
  const append = (bytes: AsyncIterable<Uint8Array>): Promise<AppendResult> =>
    context.storageData.append(
      {
        vaultId: session.target.vaultId,
        uploadId: session.uploadId,
        offset,
        limit: end,
        onDurable: (durable) => lock.settled(durable)
      },
      bytes,
      KEEP_ON // stopping ends the body; what arrived before that is kept
    )
  lock.keepAlive(context.config.leaseSeconds)
  const { durableOffset, interrupted } =
    body.checksum === undefined
      ? await append(stream)
      : await appendVerified(context, { arrival, checksum: body.checksum, stream, append, signal: call.signal })
  lock.settled(durableOffset)
  lock.arrived(durableOffset)
  context.events.received('tus', durableOffset - offset)
  if (interrupted === undefined) return durableOffset
  if (lock.stop.aborted) throw lockTaken()
  if (interrupted instanceof CairnError) throw interrupted
  throw new CairnError('unavailable', 'The upload was interrupted; continue at the current offset.', {
    cause: interrupted,
    retryAfter: 1
  })
}

interface VerifiedAppend {
  readonly arrival: Arrival
  readonly checksum: Checksum
  readonly stream: AsyncIterable<Uint8Array>
  readonly append: (bytes: AsyncIterable<Uint8Array>) => Promise<AppendResult>
  readonly signal: AbortSignal
}

const appendVerified = async (context: UploadContext, work: VerifiedAppend): Promise<AppendResult> => {
  const { arrival, checksum, append, signal } = work
  const { session, body, offset } = arrival
  const verified = verifyChecksum(work.stream, checksum)
  if (body.contentLength !== undefined && body.contentLength <= BUFFERED_BYTES) return append(await buffered(verified))

  const { vaultId } = session.target
  const referenceId = context.random.uuid()
  const limit = (session.length ?? session.byteLimit) - offset
  try {
    const content = await context.storageData.put({ vaultId, referenceId, length: undefined, limit }, verified, signal)
    const source = { vaultId, manifestId: content.manifestId, start: 0, end: content.size }
    return await append(copied(context.storageData.read(source, signal)))
  } finally {
    await releaseUnused(context, vaultId, [referenceId])
  }
}

const buffered = async (body: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> => {
  const parts = await Array.fromAsync(body)
  return (async function* () {
    yield* parts
  })()
}
