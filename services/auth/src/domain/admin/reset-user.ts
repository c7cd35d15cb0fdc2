import type { AuthContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { isActive, lockAccount } from '../../store/accounts.ts'
import { endSessions } from '../../store/sessions.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'
import { type IssuedReset, issueResetToken } from '../passwords/issue-reset-token.ts'

/** A link by which the user chooses a new password. The old one works until then. */
export const issueResetForUser = (context: AuthContext, caller: SignedIn, userId: string): Promise<IssuedReset> =>
  context.database.transaction(async (tx) => {
    const account = await lockAccount(tx, userId)
    if (account === undefined || !isActive(account)) throw notFound('user')
    const issued = await issueResetToken(context, tx, { userId, issuedBy: caller.userId })
    await recordAudit(context, tx, { type: 'password.reset_issued', caller, subjectId: userId, result: 'done' })
    return issued
  })

export const endSessionsOfUser = async (context: AuthContext, caller: SignedIn, userId: string): Promise<void> => {
  await context.database.transaction(async (tx) => {
    if ((await lockAccount(tx, userId)) === undefined) throw notFound('user')
    const at = new Date(context.clock.now())
    const ids = await endSessions(tx, { userId, reason: 'ended_by_admin', at })
    await recordAudit(context, tx, {
      type: 'session.ended',
      caller,
      subjectId: userId,
      result: 'done',
      details: { sessions: ids.length }
    })
  })
  await context.events.sessionRevoked(userId, '*')
}
