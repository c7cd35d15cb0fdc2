import type { AuthContext } from '../../context.ts'
import { badResetToken } from '../../errors.ts'
import { LIMITS } from '../../limits/policy.ts'
import { type Account, findAccount, isActive, lockAccount } from '../../store/accounts.ts'
import { findResetToken, spendResetToken } from '../../store/reset-tokens.ts'
import { requirePassword } from '../accounts/parse-new-account.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller } from '../caller.ts'
import { parseResetToken, type ResetToken } from '../tokens/reset-token.ts'
import { hashSecret } from '../tokens/secret-hash.ts'
import { replacePassword } from './replace-password.ts'

export interface ResetConfirmation {
  readonly token: string
  readonly newPassword: string
  readonly revokeAppPasswords: boolean
}

/** Spends the token, sets the password, ends all sessions. Throws `forbidden` for a token that is not good. */
export const confirmReset = async (context: AuthContext, caller: Caller, request: ResetConfirmation): Promise<void> => {
  await context.limiter.require([{ limit: LIMITS.resetConfirmSource, subject: caller.source }])
  const token = parseResetToken(request.token)
  const account = token === undefined ? undefined : await findOwner(context, token)
  if (token === undefined || account === undefined) {
    await recordRefusal(context, caller)
    throw badResetToken()
  }
  requirePassword(context, request.newPassword, [account.name, account.email ?? ''])
  const passwordHash = await context.passwords.hash(request.newPassword)
  const { userId, tokenId } = token

  await context.database.transaction(async (tx) => {
    const locked = await lockAccount(tx, userId)
    const use = { userId, tokenId, secretHash: hashSecret(token.secret), at: new Date(context.clock.now()) }
    const spent = await spendResetToken(tx, use)
    if (locked === undefined || !isActive(locked) || spent === undefined) throw badResetToken()
    await replacePassword(context, tx, {
      account: locked,
      passwordHash,
      reason: 'password_reset',
      endAppPasswords: request.revokeAppPasswords
    })
    await recordAudit(context, tx, {
      type: 'password.reset',
      caller: { ...caller, userId },
      subjectId: userId,
      result: 'done',
      details: { issuedBy: spent.issued_by ?? 'self' }
    })
  })
  await context.events.sessionRevoked(userId, '*')
  if (request.revokeAppPasswords) await context.events.appPasswordRevoked(userId, '*')
}

/** Of a token that is good at this moment: spares the hashing for all others. */
const findOwner = async (context: AuthContext, token: ResetToken): Promise<Account | undefined> => {
  const { query } = context.database
  const use = { ...token, secretHash: hashSecret(token.secret), at: new Date(context.clock.now()) }
  if (!(await findResetToken(query, use))) return undefined
  const account = await findAccount(query, token.userId)
  return account !== undefined && isActive(account) ? account : undefined
}

/** In nobody's stream: a made-up token must not fill the log of the user it names. */
const recordRefusal = (context: AuthContext, caller: Caller): Promise<void> =>
  context.database.transaction((tx) =>
    recordAudit(context, tx, {
      type: 'password.reset',
      caller,
      subjectId: undefined,
      result: 'refused',
      reason: 'bad_token'
    })
  )
