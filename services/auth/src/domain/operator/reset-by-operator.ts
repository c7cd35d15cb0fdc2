import type { AuthContext } from '../../context.ts'
import { badOperatorProof, notFound, severalAdministrators } from '../../errors.ts'
import { RESET_TOKEN_LIFE } from '../../lifetimes.ts'
import { LIMITS } from '../../limits/policy.ts'
import { type Account, isActive, listActiveAdministrators, lockAccount } from '../../store/accounts.ts'
import type { Writing } from '../../store/handles.ts'
import { insertResetToken, voidResetTokens } from '../../store/reset-tokens.ts'
import { findByIdentifier } from '../accounts/find-by-identifier.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller } from '../caller.ts'
import { isProven, type OperatorClaim } from './proof.ts'

export interface OperatorReset {
  readonly account: Account
  readonly expiresAt: Date
}

/** One machine's clock, mostly. A request that is older is refused; one that is repeated fails on its token id. */
const PATIENCE_MS = 60_000

/** Makes the claimed reset token good, for whoever holds the master key of this server. */
export const resetByOperator = async (
  context: AuthContext,
  caller: Caller,
  { claim, proof }: { readonly claim: OperatorClaim; readonly proof: Uint8Array }
): Promise<OperatorReset> => {
  await context.limiter.require([{ limit: LIMITS.resetConfirmSource, subject: caller.source }])
  const now = context.clock.now()
  if (!isProven(context.operatorKey, claim, proof) || Math.abs(now - claim.at) > PATIENCE_MS) {
    await recordRefusal(context, caller)
    throw badOperatorProof()
  }
  const userId = await findSubject(context, claim.username)
  return await context.database.transaction(async (tx) => {
    const account = await lockAccount(tx, userId)
    if (account === undefined || !isActive(account)) throw notFound('user')
    const expiresAt = await insertClaimed(tx, { claim, userId, now })
    await recordAudit(context, tx, {
      type: 'password.reset_issued',
      caller,
      subjectId: userId,
      result: 'done',
      details: { issuedBy: 'operator' }
    })
    return { account, expiresAt }
  })
}

const findSubject = async (context: AuthContext, username: string): Promise<string> => {
  if (username !== '') {
    const { account } = await findByIdentifier(context, username)
    if (account === undefined) throw notFound('user')
    return account.user_id
  }
  const [only, ...others] = await listActiveAdministrators(context.database.query, 2)
  if (only === undefined) throw notFound('user')
  if (others.length > 0) throw severalAdministrators()
  return only.user_id
}

const insertClaimed = async (
  tx: Writing,
  { claim, userId, now }: { readonly claim: OperatorClaim; readonly userId: string; readonly now: number }
): Promise<Date> => {
  const expiresAt = new Date(now + RESET_TOKEN_LIFE)
  await voidResetTokens(tx, userId, new Date(now))
  await insertResetToken(tx, {
    user_id: userId,
    token_id: claim.tokenId,
    secret_hash: claim.secretHash,
    issued_by: null,
    created_at: new Date(now),
    expires_at: expiresAt,
    used_at: null
  })
  return expiresAt
}

const recordRefusal = (context: AuthContext, caller: Caller): Promise<void> =>
  context.database.transaction((tx) =>
    recordAudit(context, tx, {
      type: 'password.reset_issued',
      caller,
      subjectId: undefined,
      result: 'refused',
      reason: 'bad_proof'
    })
  )
