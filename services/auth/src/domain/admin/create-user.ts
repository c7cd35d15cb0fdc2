import type { AuthContext } from '../../context.ts'
import type { Account } from '../../store/accounts.ts'
import { createAccount } from '../accounts/create-account.ts'
import { type NewAccountRequest, parseNewAccount } from '../accounts/parse-new-account.ts'
import type { SignedIn } from '../caller.ts'
import { type IssuedReset, issueResetToken } from '../passwords/issue-reset-token.ts'

export interface CreatedUser {
  readonly account: Account
  /** Lets the user choose a password, when none was given. */
  readonly invitation: IssuedReset | undefined
}

export const createUser = async (
  context: AuthContext,
  caller: SignedIn,
  request: NewAccountRequest & { readonly admin: boolean }
): Promise<CreatedUser> => {
  const account = parseNewAccount(context, request)
  const passwordHash = account.password === undefined ? null : await context.passwords.hash(account.password)
  const userId = context.random.uuid()
  const created = await context.database.transaction(async (tx) => {
    const { admin } = request
    const row = await createAccount(context, tx, { account, userId, passwordHash, admin, caller })
    const invitation =
      passwordHash === null ? await issueResetToken(context, tx, { userId, issuedBy: caller.userId }) : undefined
    return { account: row, invitation }
  })
  context.outbox.nudge()
  return created
}
