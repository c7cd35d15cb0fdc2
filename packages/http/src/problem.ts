import { type CairnError, ERROR_CODES } from '@cairn/contracts'
import type { Problem } from './schemas.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** Seconds after which a client may try again when the error does not say. */
const DEFAULT_RETRY_SECONDS = 2

/** The problem document of an error; its cause stays out. */
export const problemOf = (error: CairnError, requestId: string): Problem => {
  const { status, title } = ERROR_CODES[error.code]
  return {
    ...error.details,
    type: `urn:cairn:error:${error.code}`,
    title,
    status,
    // What went wrong inside is nobody else's business.
    detail: error.code === 'internal' ? 'The server failed. The request id leads to its log.' : error.message,
    code: error.code,
    requestId
  }
}

/** Headers that belong to an error besides its content type. */
export const problemHeaders = (error: CairnError): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {}
  const retryAfter = error.retryAfter ?? (error.code === 'unavailable' ? DEFAULT_RETRY_SECONDS : undefined)
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(0, Math.ceil(retryAfter)))
  if (error.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="cairn"'
  return headers
}
