import type { AuthContext } from '../../context.ts'
import { badCredentials, rateLimited } from '../../errors.ts'
import { KNOWN_SOURCE_LIFE } from '../../lifetimes.ts'
import type { Admission, Hit } from '../../limits/limiter.ts'
import { LIMITS } from '../../limits/policy.ts'
import { isActive, lockAccount, updateAccount } from '../../store/accounts.ts'
import { isKnownSource } from '../../store/sources.ts'
import { findByIdentifier, type Subject } from '../accounts/find-by-identifier.ts'
import { SYSTEM_STREAM } from '../audit/audit-event.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller } from '../caller.ts'
import { sourceHash } from '../source-hash.ts'
import { issueTokens, type SignIn } from './issue-tokens.ts'
import { startSession } from './start-session.ts'

export interface PasswordSignIn {
  /** Username or e-mail address, as typed. */
  readonly identifier: string
  readonly password: string
  readonly device: string | undefined
}

/** Every failure looks and costs the same. Throws `unauthenticated`, `rate_limited`, `unavailable`. */
export const signIn = async (context: AuthContext, caller: Caller, attempt: PasswordSignIn): Promise<SignIn> => {
  // Before anything is looked up: a flood must not reach the database.
  const bySource = await context.limiter.admit([{ limit: LIMITS.signInSource, subject: caller.source }])
  if (!bySource.ok) return refuseLimited(context, caller, { subject: undefined, admission: bySource })
  const subject = await findByIdentifier(context, attempt.identifier)
  const bySubject = await context.limiter.admit(await hitsOf(context, caller, subject))
  if (!bySubject.ok) return refuseLimited(context, caller, { subject, admission: bySubject })

  const { account } = subject
  const usable = account !== undefined && isActive(account)
  const verdict = await context.passwords.verify(attempt.password, usable ? account.password_hash : null)
  if (account === undefined || !verdict.ok) {
    await recordRefusal(context, caller, { subject, reason: usable ? 'wrong_password' : 'no_such_account' })
    context.events.signIn('refused')
    throw badCredentials()
  }

  const rehashed = verdict.outdated ? await context.passwords.hash(attempt.password) : undefined
  const session = await context.database.transaction(async (tx) => {
    const current = await lockAccount(tx, account.user_id)
    if (current === undefined || !isActive(current) || current.password_hash !== account.password_hash) return undefined
    if (rehashed !== undefined) await updateAccount(tx, current.user_id, { password_hash: rehashed })
    const started = await startSession(context, tx, { account: current, caller, device: attempt.device })
    await recordAudit(context, tx, {
      type: 'sign_in',
      caller: { ...caller, userId: current.user_id, sessionId: started.session_id },
      subjectId: current.user_id,
      result: 'done'
    })
    return started
  })
  // Disabled, or another password, while this one was being checked.
  if (session === undefined) throw badCredentials()
  await bySource.refund()
  await bySubject.refund()
  context.events.signIn('done')
  return issueTokens(context, account, session)
}

/** From a known source others' guesses do not count; an unknown one shares the account's window. */
const hitsOf = async (context: AuthContext, caller: Caller, subject: Subject): Promise<Hit[]> => {
  const since = new Date(context.clock.now() - KNOWN_SOURCE_LIFE)
  const known = await isKnownSource(context.database.query, {
    userId: subject.account?.user_id ?? SYSTEM_STREAM,
    sourceHash: sourceHash(context, caller),
    at: since
  })
  const hits: Hit[] = [{ limit: LIMITS.signInAccountAndSource, subject: `${subject.key}|${caller.source}` }]
  return known ? hits : [...hits, { limit: LIMITS.signInAccount, subject: subject.key }]
}

const refuseLimited = async (
  context: AuthContext,
  caller: Caller,
  refusal: { subject: Subject | undefined; admission: Extract<Admission, { ok: false }> }
): Promise<never> => {
  const { subject, admission } = refusal
  // One event a window: the log must not grow with the attack.
  if (admission.first) await recordRefusal(context, caller, { subject, reason: admission.limit.name })
  context.events.signIn('limited')
  throw rateLimited(admission.waitMs)
}

const recordRefusal = (
  context: AuthContext,
  caller: Caller,
  { subject, reason }: { subject: Subject | undefined; reason: string }
): Promise<void> =>
  context.database.transaction((tx) =>
    recordAudit(context, tx, {
      type: 'sign_in',
      caller,
      subjectId: subject?.account?.user_id,
      result: 'refused',
      reason
    })
  )
