import type { AuthContext } from '../../context.ts'
import { LIMITS } from '../../limits/policy.ts'
import { type Account, isActive, lockAccount } from '../../store/accounts.ts'
import type { Writing } from '../../store/handles.ts'
import { deleteMessages, insertMessage } from '../../store/messages.ts'
import { findByIdentifier } from '../accounts/find-by-identifier.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller } from '../caller.ts'
import { type IssuedReset, issueResetToken } from './issue-reset-token.ts'

/** Longer than the work takes, so that the time says nothing either. */
const CONSTANT_MS = 150

/**
 * Somebody forgot a password. The link waits as a message that administrators can pass on until mail can be
 * sent. The answer is the same, and as late, whoever it was for.
 */
export const requestReset = async (context: AuthContext, caller: Caller, identifier: string): Promise<void> => {
  const { clock, limiter } = context
  await limiter.require([{ limit: LIMITS.resetRequestSource, subject: caller.source }])
  const answerAt = clock.now() + CONSTANT_MS
  const { account, key } = await findByIdentifier(context, identifier)
  const admission = await limiter.admit([{ limit: LIMITS.resetRequestTarget, subject: key }])
  if (admission.ok) {
    await context.database.transaction(async (tx) => {
      const locked = account === undefined ? undefined : await lockAccount(tx, account.user_id)
      const usable = locked !== undefined && isActive(locked)
      if (usable) {
        const issued = await issueResetToken(context, tx, { userId: locked.user_id, issuedBy: null })
        await leaveMessage(context, tx, { account: locked, issued })
      }
      await recordAudit(context, tx, {
        type: 'password.reset_requested',
        caller,
        subjectId: account?.user_id,
        result: usable ? 'done' : 'refused'
      })
    })
  }
  await clock.sleep(Math.max(0, answerAt - clock.now()))
}

export const messageLabel = (userId: string, messageId: string): string => `cairn.auth.message.1|${userId}|${messageId}`

const leaveMessage = async (
  context: AuthContext,
  tx: Writing,
  { account, issued }: { account: Account; issued: IssuedReset }
): Promise<void> => {
  const messageId = context.random.uuid()
  await deleteMessages(tx, account.user_id)
  await insertMessage(tx, {
    user_id: account.user_id,
    message_id: messageId,
    kind: 'password_reset',
    recipient: account.email,
    sealed_body: context.messageSeal.seal(Buffer.from(issued.url, 'utf8'), messageLabel(account.user_id, messageId)),
    created_at: new Date(context.clock.now()),
    expires_at: issued.expiresAt
  })
}
