import type { AuthContext } from '../../context.ts'
import { revokeAppPasswords } from '../../store/app-passwords.ts'
import type { Writing } from '../../store/handles.ts'
import { deleteMessages } from '../../store/messages.ts'
import { voidResetTokens } from '../../store/reset-tokens.ts'
import { endSessions } from '../../store/sessions.ts'

/** Every credential of a locked account ends for good. */
export const endAllAccess = async (
  context: AuthContext,
  tx: Writing,
  { userId, reason }: { userId: string; reason: 'account_disabled' | 'account_deleted' }
): Promise<void> => {
  const at = new Date(context.clock.now())
  await endSessions(tx, { userId, reason, at })
  await revokeAppPasswords(tx, { userId, at })
  await voidResetTokens(tx, userId, at)
  await deleteMessages(tx, userId)
}

export const announceAccessEnded = async (context: AuthContext, userId: string): Promise<void> => {
  await context.events.sessionRevoked(userId, '*')
  await context.events.appPasswordRevoked(userId, '*')
}
