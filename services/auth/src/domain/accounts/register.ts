import type { AuthContext } from '../../context.ts'
import { badInvite, setupNotDone, signupClosed } from '../../errors.ts'
import { LIMITS } from '../../limits/policy.ts'
import type { Writing } from '../../store/handles.ts'
import { spendInvite } from '../../store/invites.ts'
import { findSetup } from '../../store/setup.ts'
import type { Caller } from '../caller.ts'
import { readSignupPolicy } from '../policy.ts'
import { issueTokens, type SignIn } from '../sessions/issue-tokens.ts'
import { startSession } from '../sessions/start-session.ts'
import { type InviteToken, parseInviteToken } from '../tokens/invite-token.ts'
import { hashSecret } from '../tokens/secret-hash.ts'
import { createAccount } from './create-account.ts'
import { parseNewAccount } from './parse-new-account.ts'

export interface Registration {
  readonly username: string
  readonly email: string | undefined
  readonly password: string
  readonly invite: string | undefined
  readonly device: string | undefined
}

/** Throws `forbidden` by policy, `conflict` before set-up, `name_taken`, and what parsing throws. */
export const register = async (context: AuthContext, caller: Caller, request: Registration): Promise<SignIn> => {
  await context.limiter.require([{ limit: LIMITS.registerSource, subject: caller.source }])
  const invite = await admittedBy(context, request.invite)
  const account = parseNewAccount(context, request)
  const passwordHash = await context.passwords.hash(request.password)
  const userId = context.random.uuid()

  const [created, session] = await context.database.transaction(async (tx) => {
    if (invite !== undefined) await useInvite(context, tx, { invite, userId })
    const created = await createAccount(context, tx, { account, userId, passwordHash, admin: false, caller })
    const session = await startSession(context, tx, { account: created, caller, device: request.device })
    return [created, session] as const
  })
  context.outbox.nudge()
  return issueTokens(context, created, session)
}

/** The invitation to spend, if one is needed or was brought along. */
const admittedBy = async (context: AuthContext, text: string | undefined): Promise<InviteToken | undefined> => {
  const setup = await findSetup(context.database.query)
  if (setup === undefined || setup.completed_at === null) throw setupNotDone()
  const policy = await readSignupPolicy(context)
  if (policy === 'closed') throw signupClosed()
  if (text === undefined) {
    if (policy === 'invite') throw badInvite()
    return undefined
  }
  const invite = parseInviteToken(text)
  if (invite === undefined) throw badInvite()
  return invite
}

const useInvite = async (
  context: AuthContext,
  tx: Writing,
  { invite, userId }: { invite: InviteToken; userId: string }
): Promise<void> => {
  const at = new Date(context.clock.now())
  const use = { inviteId: invite.inviteId, secretHash: hashSecret(invite.secret), userId, at }
  if (!(await spendInvite(tx, use))) throw badInvite()
}
