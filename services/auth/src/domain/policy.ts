import type { SignupPolicy } from '../config.ts'
import type { AuthContext } from '../context.ts'
import { readSetting, writeSetting } from '../store/settings.ts'
import { recordAudit } from './audit/record-audit.ts'
import type { SignedIn } from './caller.ts'

const SETTING = 'signup'

/** What an administrator set, else what the configuration says. */
export const readSignupPolicy = async (context: AuthContext): Promise<SignupPolicy> => {
  const stored = await readSetting(context.database.query, SETTING)
  return stored === 'open' || stored === 'closed' || stored === 'invite' ? stored : context.config.signup
}

export const changeSignupPolicy = async (
  context: AuthContext,
  caller: SignedIn,
  signup: SignupPolicy
): Promise<void> => {
  const before = await readSignupPolicy(context)
  await context.database.transaction(async (tx) => {
    await writeSetting(tx, { name: SETTING, value: signup, at: new Date(context.clock.now()), by: caller.userId })
    await recordAudit(context, tx, {
      type: 'policy.changed',
      caller,
      subjectId: undefined,
      result: 'done',
      details: { before, after: signup }
    })
  })
}
