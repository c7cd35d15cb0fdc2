import { CairnError, type ErrorCode } from '@cairn/contracts'
import { DatabaseError } from '@cairn/database'
import { type Refused, refused } from './domain/outcome.ts'

/** The one answer for what does not exist and for what is not the caller's. */
export const notFound = (): CairnError => new CairnError('not_found', 'Not found')

export const invalid = (message: string): CairnError => new CairnError('invalid_request', message)

export const refusal = (outcome: Pick<Refused, 'code' | 'message'>): CairnError =>
  // What was never there answers alike on every route.
  outcome.code === 'not_found' ? notFound() : new CairnError(outcome.code, outcome.message)

const DATABASE_CODES: Readonly<Partial<Record<string, ErrorCode>>> = {
  unavailable: 'unavailable',
  commit_unknown: 'unavailable',
  lock_timeout: 'unavailable',
  disk_full: 'disk_full'
}

/** Failures of the database as callers may see them; everything else unchanged. */
export const toPublicError = (error: unknown): unknown => {
  const code = error instanceof DatabaseError ? DATABASE_CODES[error.code] : undefined
  return code === undefined ? error : new CairnError(code, 'The database cannot answer now', { cause: error })
}

/** A CairnError as the refusal of one operation among others. */
export const asRefused = (error: unknown): Refused => {
  if (!(error instanceof CairnError)) throw error
  return refused(error.code, error.message)
}
