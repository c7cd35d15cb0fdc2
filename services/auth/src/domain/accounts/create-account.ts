import { currentTraceparent } from '@cairn/runtime'
import type { AuthContext } from '../../context.ts'
import { nameTaken } from '../../errors.ts'
import { type Account, findAccount, insertAccount } from '../../store/accounts.ts'
import type { Writing } from '../../store/handles.ts'
import { insertEvent } from '../../store/outbox.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller } from '../caller.ts'
import type { ValidNewAccount } from './parse-new-account.ts'

export interface AccountCreation {
  readonly account: ValidNewAccount
  readonly userId: string
  readonly passwordHash: string | null
  readonly admin: boolean
  readonly caller: Caller
}

/** Inserts the account and what is told about it. Throws `name_taken`. */
export const createAccount = async (
  context: AuthContext,
  tx: Writing,
  { account, userId, passwordHash, admin, caller }: AccountCreation
): Promise<Account> => {
  const at = new Date(context.clock.now())
  const { username, email } = account
  if (!(await insertAccount(tx, { userId, username, email, passwordHash, admin, at }))) throw nameTaken()
  await insertEvent(tx, {
    user_id: userId,
    event_id: context.random.uuid(),
    topic: 'auth.user-registered',
    payload: JSON.stringify({ userId, username: username.text }),
    traceparent: currentTraceparent() ?? null,
    created_at: at
  })
  await recordAudit(context, tx, {
    type: 'account.created',
    caller: { userId, ...caller },
    subjectId: userId,
    result: 'done',
    details: { username: username.text, admin }
  })
  const created = await findAccount(tx, userId)
  if (created === undefined) throw new Error('the account just inserted is not there')
  return created
}
