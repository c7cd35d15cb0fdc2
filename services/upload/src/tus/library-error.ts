import { CairnError, type ErrorCode } from '@cairn/contracts'
import type { TusCall } from './call.ts'

/** The library throws plain objects. */
interface LibraryError {
  readonly status_code?: number
  readonly body?: string
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  403: 'invalid_request',
  404: 'not_found',
  409: 'offset_mismatch',
  410: 'upload_expired',
  413: 'payload_too_large'
}

export const fromLibraryError = (error: Error | LibraryError, call: TusCall): Error => {
  if (error instanceof CairnError) return error
  const status = 'status_code' in error ? error.status_code : undefined
  const code = status === undefined ? undefined : CODES[status]
  if (code === undefined) return new CairnError('internal', 'The upload could not be handled.', { cause: error })
  const detail = ('body' in error ? error.body : undefined)?.trim() || 'The request does not fit the upload.'
  return new CairnError(code, detail, call.offset === undefined ? {} : { details: { offset: call.offset } })
}
