import type { AuthContext } from '../../context.ts'
import { type Account, updateAccount } from '../../store/accounts.ts'
import { revokeAppPasswords } from '../../store/app-passwords.ts'
import type { Writing } from '../../store/handles.ts'
import { deleteMessages } from '../../store/messages.ts'
import { voidResetTokens } from '../../store/reset-tokens.ts'
import { endSessions } from '../../store/sessions.ts'

export interface PasswordReplacement {
  readonly account: Account
  readonly passwordHash: string
  readonly reason: 'password_changed' | 'password_reset'
  /** The session that goes on. */
  readonly keepSession?: string
  readonly endAppPasswords: boolean
}

export interface Replaced {
  readonly endedSessions: readonly string[]
}

/** Of a locked account: the new password, and the end of what the old one opened. */
export const replacePassword = async (
  context: AuthContext,
  tx: Writing,
  { account, passwordHash, reason, keepSession, endAppPasswords }: PasswordReplacement
): Promise<Replaced> => {
  const userId = account.user_id
  const at = new Date(context.clock.now())
  await updateAccount(tx, userId, { password_hash: passwordHash, password_changed_at: at })
  const except = keepSession === undefined ? {} : { except: keepSession }
  const endedSessions = await endSessions(tx, { userId, reason, at, ...except })
  if (endAppPasswords) await revokeAppPasswords(tx, { userId, at })
  await voidResetTokens(tx, userId, at)
  await deleteMessages(tx, userId)
  return { endedSessions }
}
