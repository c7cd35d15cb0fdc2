import type { AuthContext } from '../../context.ts'
import { wrongCurrentPassword } from '../../errors.ts'
import { isActive, lockAccount } from '../../store/accounts.ts'
import { requirePassword } from '../accounts/parse-new-account.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'
import { checkCurrentPassword } from './check-current-password.ts'
import { replacePassword } from './replace-password.ts'

export interface PasswordChange {
  readonly currentPassword: string
  readonly newPassword: string
  /** Also end app passwords. */
  readonly revokeAppPasswords: boolean
}

/** Other sessions end, the caller's goes on. */
export const changePassword = async (context: AuthContext, caller: SignedIn, change: PasswordChange): Promise<void> => {
  const account = await checkCurrentPassword(context, caller, change.currentPassword)
  requirePassword(context, change.newPassword, [account.name, account.email ?? ''])
  const passwordHash = await context.passwords.hash(change.newPassword)
  const { userId, sessionId } = caller
  const { endedSessions } = await context.database.transaction(async (tx) => {
    const current = await lockAccount(tx, userId)
    // Changed, reset or disabled meanwhile: what was checked does not hold any more.
    if (current === undefined || !isActive(current) || current.password_hash !== account.password_hash) {
      throw wrongCurrentPassword()
    }
    const replaced = await replacePassword(context, tx, {
      account: current,
      passwordHash,
      reason: 'password_changed',
      keepSession: sessionId,
      endAppPasswords: change.revokeAppPasswords
    })
    await recordAudit(context, tx, { type: 'password.changed', caller, subjectId: userId, result: 'done' })
    return replaced
  })
  for (const ended of endedSessions) await context.events.sessionRevoked(userId, ended)
  if (change.revokeAppPasswords) await context.events.appPasswordRevoked(userId, '*')
}
