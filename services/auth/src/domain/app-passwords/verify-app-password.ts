import type { AuthContext } from '../../context.ts'
import { badCredentials } from '../../errors.ts'
import { CHECK_MAX_AGE_SECONDS, LAST_USED_STEP } from '../../lifetimes.ts'
import { type Account, findAccount, isActive } from '../../store/accounts.ts'
import { type AppPassword, findAppPassword, touchAppPassword } from '../../store/app-passwords.ts'
import { parseEmail } from '../names/email.ts'
import { foldName } from '../names/fold.ts'
import { parseAppPassword } from '../tokens/app-password-secret.ts'
import { hashSecret } from '../tokens/secret-hash.ts'

export interface VerifiedAppPassword {
  readonly account: Account
  readonly appPassword: AppPassword
  /** How long the answer may be believed without asking again. */
  readonly maxAgeSeconds: number
}

/** `username` empty: presented as a bearer token. Throws `unauthenticated`. */
export const verifyAppPassword = async (
  context: AuthContext,
  username: string,
  secret: string
): Promise<VerifiedAppPassword> => {
  const parsed = parseAppPassword(secret)
  if (parsed === undefined) throw badCredentials()
  const { query } = context.database
  const appPassword = await findAppPassword(query, parsed.userId, hashSecret(parsed.random))
  if (appPassword === undefined || !isUsable(appPassword, context.clock.now())) throw badCredentials()
  const account = await findAccount(query, parsed.userId)
  if (account === undefined || !isActive(account) || !isNamed(account, username)) throw badCredentials()
  await noteUse(context, appPassword)
  return { account, appPassword, maxAgeSeconds: maxAgeOf(appPassword, context.clock.now()) }
}

const isUsable = (row: AppPassword, now: number): boolean =>
  row.revoked_at === null && (row.expires_at === null || row.expires_at.getTime() > now)

const isNamed = (account: Account, username: string): boolean =>
  username === '' ||
  foldName(username) === account.name_fold ||
  (account.email_fold !== null && parseEmail(username)?.fold === account.email_fold)

const maxAgeOf = (row: AppPassword, now: number): number =>
  row.expires_at === null
    ? CHECK_MAX_AGE_SECONDS
    : Math.min(CHECK_MAX_AGE_SECONDS, Math.floor((row.expires_at.getTime() - now) / 1000))

/** Coarse, so that a busy device does not write with every request. */
const noteUse = async (context: AuthContext, row: AppPassword): Promise<void> => {
  const now = context.clock.now()
  if (row.last_used_at !== null && now - row.last_used_at.getTime() < LAST_USED_STEP) return
  await context.database.transaction((tx) =>
    touchAppPassword(tx, { userId: row.user_id, appPasswordId: row.app_password_id, at: new Date(now) })
  )
}
