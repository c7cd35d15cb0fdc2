import type { AuthContext } from '../../context.ts'
import { badToken, setupDone } from '../../errors.ts'
import { LIMITS } from '../../limits/policy.ts'
import { completeSetup, findSetup, insertSetup, replaceSetupToken, type Setup } from '../../store/setup.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller } from '../caller.ts'
import { issueTokens, type SignIn } from '../sessions/issue-tokens.ts'
import { startSession } from '../sessions/start-session.ts'
import { hashSecret, sameBytes } from '../tokens/secret-hash.ts'
import { createAccount } from './create-account.ts'
import { parseNewAccount } from './parse-new-account.ts'

export interface SetupState {
  readonly required: boolean
  /** For the operator's eyes only. */
  readonly token?: string
}

export interface SetupRequest {
  readonly token: string
  readonly username: string
  readonly email: string | undefined
  readonly password: string
  readonly device: string | undefined
}

const TOKEN_BYTES = 24
const LABEL = 'cairn.auth.setup.1'

/** Makes the set-up token at the first start; a preset one replaces it as long as set-up is not done. */
export const prepareSetup = async (context: AuthContext): Promise<SetupState> => {
  const preset = context.config.setupToken
  const fresh = preset ?? `cairn-setup-${Buffer.from(context.random.bytes(TOKEN_BYTES)).toString('base64url')}`
  await context.database.transaction(async (tx) => {
    const sealed = context.setupSeal.seal(Buffer.from(fresh, 'utf8'), LABEL)
    await insertSetup(tx, sealed)
    if (preset !== undefined) await replaceSetupToken(tx, sealed)
  })
  const setup = await findSetup(context.database.query)
  if (setup === undefined) throw new Error('the set-up row is missing')
  return setup.completed_at === null ? { required: true, token: tokenOf(context, setup) } : { required: false }
}

export const isSetupRequired = async (context: AuthContext): Promise<boolean> =>
  (await findSetup(context.database.query))?.completed_at === null

/** Makes the first administrator. Works once: throws `conflict` afterwards, `unauthenticated` for a wrong token. */
export const completeFirstSetup = async (
  context: AuthContext,
  caller: Caller,
  request: SetupRequest
): Promise<SignIn> => {
  await context.limiter.require([{ limit: LIMITS.setupSource, subject: caller.source }])
  const setup = await findSetup(context.database.query)
  if (setup === undefined || setup.completed_at !== null) throw setupDone()
  if (!sameToken(request.token, tokenOf(context, setup))) {
    await recordWrongToken(context, caller)
    throw badToken()
  }
  const account = parseNewAccount(context, request)
  const passwordHash = await context.passwords.hash(request.password)
  const userId = context.random.uuid()

  const [created, session] = await context.database.transaction(async (tx) => {
    if (!(await completeSetup(tx, userId, new Date(context.clock.now())))) throw setupDone()
    const created = await createAccount(context, tx, { account, userId, passwordHash, admin: true, caller })
    const session = await startSession(context, tx, { account: created, caller, device: request.device })
    return [created, session] as const
  })
  context.outbox.nudge()
  return issueTokens(context, created, session)
}

const tokenOf = (context: AuthContext, setup: Setup): string =>
  Buffer.from(context.setupSeal.open(setup.sealed_token, LABEL)).toString('utf8')

const sameToken = (given: string, expected: string): boolean =>
  sameBytes(hashSecret(Buffer.from(given, 'utf8')), hashSecret(Buffer.from(expected, 'utf8')))

const recordWrongToken = (context: AuthContext, caller: Caller): Promise<void> =>
  context.database.transaction((tx) =>
    recordAudit(context, tx, {
      type: 'setup',
      caller,
      subjectId: undefined,
      result: 'refused',
      reason: 'wrong_token'
    })
  )
