import type { AuthContext } from '../../context.ts'
import { nameTaken, notFound } from '../../errors.ts'
import { type Account, findAccount, isActive, lockAccount, replaceEmail } from '../../store/accounts.ts'
import type { Writing } from '../../store/handles.ts'
import { deleteMessages } from '../../store/messages.ts'
import { voidResetTokens } from '../../store/reset-tokens.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'
import type { Email } from '../names/email.ts'
import { checkCurrentPassword } from '../passwords/check-current-password.ts'
import { requireEmail } from './parse-new-account.ts'

export interface EmailChange {
  /** Null: none from now on. */
  readonly email: string | null
  readonly currentPassword: string
}

/** Throws `forbidden`, `name_taken`. */
export const changeEmail = async (context: AuthContext, caller: SignedIn, change: EmailChange): Promise<Account> => {
  const email = change.email === null ? undefined : requireEmail(change.email)
  await checkCurrentPassword(context, caller, change.currentPassword)
  return context.database.transaction(async (tx) => {
    const account = await lockAccount(tx, caller.userId)
    if (account === undefined || !isActive(account)) throw notFound('account')
    await applyEmail(context, tx, { account, email })
    await recordAudit(context, tx, {
      type: 'account.changed',
      caller,
      subjectId: caller.userId,
      result: 'done',
      details: { field: 'email' }
    })
    return (await findAccount(tx, caller.userId)) ?? account
  })
}

/** Of a locked account. Links sent to the old address lose their force. Throws `name_taken`. */
export const applyEmail = async (
  context: AuthContext,
  tx: Writing,
  { account, email }: { account: Account; email: Email | undefined }
): Promise<void> => {
  if (!(await replaceEmail(tx, account, email))) throw nameTaken()
  await voidResetTokens(tx, account.user_id, new Date(context.clock.now()))
  await deleteMessages(tx, account.user_id)
}
