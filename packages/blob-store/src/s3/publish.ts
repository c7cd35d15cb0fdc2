import type { KeyedMutex } from '@cairn/runtime'
import { BlobError } from '../blob-store.ts'
import { type RetryPolicy, withAttempts } from './attempts.ts'
import { type ConditionalPut, isRefused } from './conditional-put.ts'
import { InterruptedError } from './errors.ts'
import type { S3Api } from './s3-api.ts'

export interface PublishContext {
  readonly api: S3Api
  readonly policy: RetryPolicy
  readonly conditional: ConditionalPut
  /** Keeps writers of one key in this process apart where the server cannot. */
  readonly mutex: KeyedMutex
}

/** An object about to become visible. */
export interface Publication {
  readonly key: string
  readonly size: number
  /** Random token of this writer: tells our own earlier attempt from somebody else's object. */
  readonly writer: string
  readonly signal: AbortSignal | undefined
}

/** One PutObject. Throws `exists`. */
export const publishWhole = async (
  context: PublishContext,
  publication: Publication,
  bytes: Uint8Array
): Promise<void> => {
  const { key, writer } = publication
  const call = { signal: publication.signal, bytes: bytes.byteLength }
  const put = (onlyIfAbsent: boolean, signal: AbortSignal) =>
    context.api.put({ key, bytes, writer, onlyIfAbsent }, signal)

  if (!(await context.conditional.isSupported())) {
    await publishUnconditionally(context, publication, { bytes: call.bytes, send: (signal) => put(false, signal) })
    return
  }
  await withAttempts(context.policy, call, async ({ number, signal }) => {
    // The attempt before may have arrived although its answer did not.
    if (number > 0 && (await isOurs(context, publication, signal))) return
    try {
      await put(true, signal)
    } catch (error) {
      if (!isRefused(error)) throw error
      if (await isOurs(context, publication, signal)) return
      throw new InterruptedError('the object that stood in the way is gone', { cause: error })
    }
  })
}

interface Sending {
  readonly bytes: number
  readonly send: (signal: AbortSignal) => Promise<void>
}

/**
 * For requests that the server carries out whatever is there: looks before, and afterwards at what is
 * really there. Exact within this process. Throws `exists`.
 */
export const publishUnconditionally = (
  context: PublishContext,
  publication: Publication,
  sending: Sending
): Promise<void> =>
  context.mutex.run(publication.key, () =>
    withAttempts(context.policy, { signal: publication.signal, bytes: sending.bytes }, async ({ signal }) => {
      if (await isOurs(context, publication, signal)) return
      await sendAndLook(context, publication, { sending, signal })
    })
  )

const sendAndLook = async (
  context: PublishContext,
  publication: Publication,
  { sending, signal }: { sending: Sending; signal: AbortSignal }
): Promise<void> => {
  const failure = await sending.send(signal).then(
    () => undefined,
    (error: unknown) => ({ error })
  )
  if (signal.aborted) throw failure?.error ?? new InterruptedError('aborted')
  if (await isOurs(context, publication, signal)) return
  throw failure?.error ?? new InterruptedError('the server acknowledged an object that is not there')
}

/** False when nothing is there. Throws `exists` when it is somebody else's. */
const isOurs = async ({ api }: PublishContext, publication: Publication, signal: AbortSignal): Promise<boolean> => {
  const { key, size, writer } = publication
  const head = await api.head(key, signal)
  if (head === undefined) return false
  if (head.writer !== writer) throw new BlobError('exists', `there is an object ${key} already`)
  if (head.size === size) return true
  throw new BlobError('unavailable', `${key} was stored with ${head.size} bytes instead of ${size}`)
}
