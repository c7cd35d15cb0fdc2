import type { Metrics } from '@cairn/runtime'
import { BlobError, type BlobErrorCode, type BlobInfo, type BlobStore, type BlobWriter } from './blob-store.ts'

export type BlobOperationName =
  | 'create'
  | 'write'
  | 'commit'
  | 'abort'
  | 'read'
  | 'size'
  | 'delete'
  | 'list'
  | 'check'
  | 'freeBytes'

/** One finished operation. */
export interface BlobOperation {
  readonly name: BlobOperationName
  /** `aborted`: the caller's signal; `error`: not a BlobError, so a bug. */
  readonly outcome: 'ok' | BlobErrorCode | 'aborted' | 'error'
  readonly seconds: number
  /** Content moved: 0 unless a write or a read succeeded. */
  readonly bytes: number
}

export type RecordBlobOperation = (operation: BlobOperation) => void

/** Records into `cairn_blob_operation_seconds` and `cairn_blob_bytes_total`. */
export const createBlobMetrics = (metrics: Metrics): RecordBlobOperation => {
  const seconds = metrics.histogram({
    name: 'cairn_blob_operation_seconds',
    help: 'Duration of blob store operations',
    labelNames: ['operation', 'outcome'],
    buckets: [0.0005, 0.002, 0.01, 0.05, 0.2, 1, 5, 30]
  })
  const bytes = metrics.counter({
    name: 'cairn_blob_bytes_total',
    help: 'Content written to and read from the blob store',
    labelNames: ['operation']
  })
  return (operation) => {
    seconds.observe({ operation: operation.name, outcome: operation.outcome }, operation.seconds)
    if (operation.bytes > 0) bytes.inc({ operation: operation.name }, operation.bytes)
  }
}

const MS_PER_SECOND = 1000

/** The same store, every operation recorded once it has ended. */
export const withMetrics = (store: BlobStore, record: RecordBlobOperation): BlobStore => {
  const timed = async <T>(call: TimedCall, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const end = (outcome: BlobOperation['outcome'], bytes: number) =>
      record({ name: call.name, outcome, bytes, seconds: (performance.now() - start) / MS_PER_SECOND })
    try {
      const result = await work()
      end('ok', call.bytes ?? 0)
      return result
    } catch (error) {
      end(outcomeOf(error, call.signal), 0)
      throw error
    }
  }

  const timedWriter = (writer: BlobWriter, signal: AbortSignal | undefined): BlobWriter => ({
    write: (parts) => {
      const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0)
      return timed({ name: 'write', signal, bytes }, () => writer.write(parts))
    },
    commit: () => timed({ name: 'commit', signal }, () => writer.commit()),
    abort: () => timed({ name: 'abort' }, () => writer.abort())
  })

  return {
    create: async (key, signal) =>
      timedWriter(await timed({ name: 'create', signal }, () => store.create(key, signal)), signal),
    read: (key, offset, length, options) =>
      timed({ name: 'read', signal: options?.signal, bytes: length }, () => store.read(key, offset, length, options)),
    size: (key, signal) => timed({ name: 'size', signal }, () => store.size(key, signal)),
    delete: (key, signal) => timed({ name: 'delete', signal }, () => store.delete(key, signal)),
    list: (prefix, signal) => timedList(store.list(prefix, signal), signal, record),
    check: (signal) => timed({ name: 'check', signal }, () => store.check(signal)),
    freeBytes: () => timed({ name: 'freeBytes' }, () => store.freeBytes()),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]()
  }
}

interface TimedCall {
  readonly name: BlobOperationName
  readonly signal?: AbortSignal | undefined
  readonly bytes?: number
}

const outcomeOf = (error: unknown, signal: AbortSignal | undefined): BlobOperation['outcome'] => {
  if (error instanceof BlobError) return error.code
  return signal?.aborted === true ? 'aborted' : 'error'
}

/** Recorded when the listing ends; the time the reader takes is in it. */
async function* timedList(
  source: AsyncIterable<BlobInfo>,
  signal: AbortSignal | undefined,
  record: RecordBlobOperation
): AsyncGenerator<BlobInfo> {
  const start = performance.now()
  let outcome: BlobOperation['outcome'] = 'ok'
  try {
    yield* source
  } catch (error) {
    outcome = outcomeOf(error, signal)
    throw error
  } finally {
    record({ name: 'list', outcome, bytes: 0, seconds: (performance.now() - start) / MS_PER_SECOND })
  }
}
