import type { AuthContext } from '../../context.ts'
import { rotatedMeanwhile } from '../../errors.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'

/** Returns the id of the new key. `immediately`: all access tokens end now. */
export const rotateSigningKey = async (
  context: AuthContext,
  caller: SignedIn,
  immediately: boolean
): Promise<string> => {
  const kid = await context.database.transaction(async (tx) => {
    const rotated = await context.keys.rotate(tx, immediately)
    if (rotated === undefined) throw rotatedMeanwhile()
    await recordAudit(context, tx, {
      type: 'signing_key.rotated',
      caller,
      subjectId: undefined,
      result: 'done',
      details: { kid: rotated, immediately }
    })
    return rotated
  })
  context.keys.forget()
  await context.events.signingKeysChanged()
  return kid
}
