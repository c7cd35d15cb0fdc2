import type { AuthContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { revokeAppPasswords } from '../../store/app-passwords.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'

export const revokeAppPassword = async (
  context: AuthContext,
  caller: SignedIn,
  appPasswordId: string
): Promise<void> => {
  const { userId } = caller
  await context.database.transaction(async (tx) => {
    const revoked = await revokeAppPasswords(tx, { userId, appPasswordId, at: new Date(context.clock.now()) })
    if (revoked === 0) throw notFound('app password')
    await recordAudit(context, tx, {
      type: 'app_password.revoked',
      caller,
      subjectId: userId,
      result: 'done',
      details: { appPasswordId }
    })
  })
  await context.events.appPasswordRevoked(userId, appPasswordId)
}
