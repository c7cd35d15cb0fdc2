import { CairnError } from '@cairn/contracts'
import { DatabaseError } from '@cairn/database'

/** Says the same whatever was wrong: no account, wrong password, disabled. */
export const badCredentials = (): CairnError => new CairnError('unauthenticated', 'Username or password is wrong')

/** Likewise for every kind of token. */
export const badToken = (): CairnError => new CairnError('unauthenticated', 'The token is not valid')

export const wrongCurrentPassword = (): CairnError => new CairnError('forbidden', 'The current password is wrong')

export const nameTaken = (): CairnError => new CairnError('name_taken', 'This username or e-mail address is taken')

export const invalidName = (reason: string): CairnError => new CairnError('invalid_name', reason)

export const invalidEmail = (): CairnError =>
  new CairnError('invalid_request', 'This is not an e-mail address', { details: { field: 'email' } })

export const weakPassword = (reason: string): CairnError =>
  new CairnError('invalid_request', reason, { details: { field: 'password' } })

export const setupDone = (): CairnError => new CairnError('conflict', 'This server has its administrator already')

export const setupNotDone = (): CairnError => new CairnError('conflict', 'This server is waiting for its administrator')

export const signupClosed = (): CairnError => new CairnError('forbidden', 'Registration is closed')

export const badInvite = (): CairnError => new CairnError('forbidden', 'The invitation is not valid')

export const badResetToken = (): CairnError =>
  new CairnError('forbidden', 'The link is not valid any more; ask for a new one')

export const badOperatorProof = (): CairnError =>
  new CairnError('forbidden', 'This was not made with the master key of this server, or more than a minute ago')

export const severalAdministrators = (): CairnError =>
  new CairnError('conflict', 'There are several administrators; name one')

export const sessionNeeded = (): CairnError => new CairnError('forbidden', 'This needs a sign-in with the password')

export const rotatedMeanwhile = (): CairnError => new CairnError('conflict', 'Another key has just been made')

export const lastAdministrator = (): CairnError =>
  new CairnError('conflict', 'One active administrator must remain', { details: { rule: 'last_administrator' } })

export const notFound = (what: string): CairnError => new CairnError('not_found', `There is no such ${what}`)

export const invalidRequest = (detail: string): CairnError => new CairnError('invalid_request', detail)

export const rateLimited = (waitMs: number): CairnError =>
  new CairnError('rate_limited', 'Too many attempts; wait a while', {
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000))
  })

export const overloaded = (): CairnError =>
  new CairnError('unavailable', 'Too many sign-ins at once', { retryAfter: 2 })

/** A failing database is "unavailable" to callers; everything else passes as it is. */
export const fromStoreError = (error: unknown): unknown => {
  if (!(error instanceof DatabaseError)) return error
  if (error.code === 'disk_full') return new CairnError('disk_full', 'The server has no space left', { cause: error })
  if (error.code === 'unique_violation') {
    return new CairnError('conflict', 'The request conflicts with another one', { cause: error })
  }
  return new CairnError('unavailable', 'The database cannot be reached', { cause: error })
}
