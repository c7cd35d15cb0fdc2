import type { AuthContext } from '../../context.ts'
import { rateLimited, sessionNeeded, wrongCurrentPassword } from '../../errors.ts'
import { LIMITS } from '../../limits/policy.ts'
import { type Account, findAccount, isActive } from '../../store/accounts.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'

/** For changes a stolen session alone must not be enough for. Throws `forbidden`, `rate_limited`. */
export const checkCurrentPassword = async (
  context: AuthContext,
  caller: SignedIn,
  password: string
): Promise<Account> => {
  const admission = await context.limiter.admit([{ limit: LIMITS.currentPassword, subject: caller.userId }])
  if (!admission.ok) throw rateLimited(admission.waitMs)
  const account = await findAccount(context.database.query, caller.userId)
  if (account === undefined || !isActive(account)) throw sessionNeeded()
  const { ok } = await context.passwords.verify(password, account.password_hash)
  if (!ok) {
    await context.database.transaction((tx) =>
      recordAudit(context, tx, {
        type: 'password.changed',
        caller,
        subjectId: caller.userId,
        result: 'refused',
        reason: 'wrong_password'
      })
    )
    throw wrongCurrentPassword()
  }
  await admission.refund()
  return account
}
