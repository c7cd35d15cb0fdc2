import { CairnError, type ErrorCode } from '@cairn/contracts'

export const uploadNotFound = (): CairnError => new CairnError('not_found', 'There is no such upload.')

export const uploadExpired = (): CairnError =>
  new CairnError('upload_expired', 'The upload was left alone for too long; start it again.')

export const lockTaken = (): CairnError =>
  new CairnError('locked', 'Another request is working on this upload.', { retryAfter: 1 })

export const incomplete = (offset: number): CairnError =>
  new CairnError('upload_incomplete', 'Bytes are still missing.', { details: { offset } })

export const tooLarge = (limit: number): CairnError =>
  new CairnError('payload_too_large', 'The content is larger than announced or allowed.', { details: { limit } })

export const badRequest = (detail: string): CairnError => new CairnError('invalid_request', detail)

export const serverStops = (): CairnError =>
  new CairnError('unavailable', 'The server is stopping; the upload can go on in a moment.', { retryAfter: 1 })

/** Codes after which it is certain that nothing was committed. All others leave the outcome open. */
const DEFINITIVE: ReadonlySet<ErrorCode> = new Set([
  'invalid_request',
  'invalid_name',
  'unauthenticated',
  'forbidden',
  'not_found',
  'name_taken',
  'stale',
  'gone',
  'parent_gone',
  'not_a_folder',
  'not_a_file',
  'too_deep',
  'conflict',
  'precondition_failed',
  'idempotency_mismatch',
  'payload_too_large',
  'quota_exceeded'
])

export const isDefinitive = (error: unknown): error is CairnError =>
  error instanceof CairnError && DEFINITIVE.has(error.code)
