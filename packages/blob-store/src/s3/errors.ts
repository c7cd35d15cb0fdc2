import { BlobError, type BlobErrorCode } from '../blob-store.ts'

interface S3Failure {
  /** S3's error code, or the name of a network error. */
  readonly name: string
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined
}

export const failureOf = (error: unknown): S3Failure => {
  if (!(error instanceof Error)) return { name: 'unknown', status: undefined }
  return { name: error.name, status: statusOf(error) }
}

const statusOf = (error: Error): number | undefined => {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined
  const metadata: { httpStatusCode?: unknown } = error.$metadata
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

const NO_SPACE = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientCapacity', 'InsufficientStorage'])
const TRANSIENT = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'OperationAborted',
  'ConditionalRequestConflict',
  'InternalError',
  'ServiceUnavailable',
  'Busy'
])
const NETWORK = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_CONSTANT',
  'HPE_INVALID_EOF_STATE'
])

/** The answer's body ended early, or a try took too long. */
export class InterruptedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'InterruptedError'
  }
}

/** Worth another try: the same request may succeed later. */
export const isTransient = (error: unknown): boolean => {
  if (error instanceof BlobError) return false
  if (error instanceof InterruptedError) return true
  const { name, status } = failureOf(error)
  if (NO_SPACE.has(name) || status === 507 || status === 501) return false
  if (TRANSIENT.has(name) || name === 'TimeoutError' || name === 'AbortError') return true
  if (status !== undefined && (status >= 500 || status === 429 || status === 408)) return true
  return status === undefined && isNetworkError(error)
}

const isNetworkError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return NETWORK.has(code) || code.startsWith('HPE_') || isNetworkError(error.cause)
}

/** A last failure as the port names it. BlobErrors pass through. */
export const toBlobError = (error: unknown, doing: string): BlobError => {
  if (error instanceof BlobError) return error
  const { name, status } = failureOf(error)
  return new BlobError(codeOf(name, status), `${doing}: ${status ?? ''} ${name}`.replace(':  ', ': '), { cause: error })
}

const codeOf = (name: string, status: number | undefined): BlobErrorCode => {
  if (NO_SPACE.has(name) || status === 507) return 'no_space'
  if (status === 404 && name !== 'NoSuchBucket') return 'not_found'
  if (status === 416) return 'truncated'
  return 'unavailable'
}

/** For commits: a missing upload or bucket is trouble with the store, not an answer about an object. */
export const toWriteError = (error: unknown, doing: string): BlobError => {
  const mapped = toBlobError(error, doing)
  const keep = error instanceof BlobError || mapped.code === 'no_space'
  return keep ? mapped : new BlobError('unavailable', mapped.message, { cause: error })
}
