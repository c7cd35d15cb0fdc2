import type { AuthContext } from '../../context.ts'
import { type Account, findAccount, findUserIdByEmail, findUserIdByUsername } from '../../store/accounts.ts'
import { SYSTEM_STREAM } from '../audit/audit-event.ts'
import { parseEmail } from '../names/email.ts'
import { foldName } from '../names/fold.ts'
import { parseUsername } from '../names/username.ts'

/** Whom somebody claims to be. */
export interface Subject {
  readonly account: Account | undefined
  /** What limits count: one key however the name is spelled, also when there is no such account. */
  readonly key: string
}

/** The same number of queries whether the account exists or not. */
export const findByIdentifier = async (context: AuthContext, identifier: string): Promise<Subject> => {
  const userId = await findUserId(context, identifier)
  const account = await findAccount(context.database.query, userId ?? SYSTEM_STREAM)
  return { account, key: account?.user_id ?? `nobody|${foldName(identifier.trim())}` }
}

const findUserId = (context: AuthContext, identifier: string): Promise<string | undefined> => {
  const { query } = context.database
  if (identifier.includes('@')) return findUserIdByEmail(query, parseEmail(identifier)?.fold ?? '')
  const parsed = parseUsername(identifier)
  return findUserIdByUsername(query, parsed.ok ? parsed.username.fold : '')
}
