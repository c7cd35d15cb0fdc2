import type { Cache } from '@cairn/cache'
import { type AuthService, CairnError } from '@cairn/contracts'
import type { Clock, Logger } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import { createAccessTokens } from './access-token.ts'
import { createAppPasswords } from './app-passwords.ts'
import { acceptedCookieNames } from './cookies.ts'
import { type Credential, readCredential } from './credentials.ts'
import { requireSameOrigin } from './csrf.ts'
import type { Identity, IdentityVerifier } from './identity.ts'
import { createKeySet } from './key-set.ts'
import { followRevocations } from './revocations.ts'
import { createSessions } from './sessions.ts'

export interface IdentityVerifierOptions {
  readonly auth: Client<typeof AuthService>
  /** Carries revocations; not used as storage. */
  readonly cache: Cache
  readonly clock: Clock
  readonly logger: Logger
  /** e.g. "https://files.example.org": issuer of tokens and origin of the web application. */
  readonly publicOrigin: string
  /** Further origins the web application is served from. */
  readonly otherOrigins?: readonly string[]
}

export interface RunningIdentityVerifier extends IdentityVerifier {
  [Symbol.asyncDispose](): Promise<void>
}

/** Issuer of tokens of installations whose origin may change. */
const NEUTRAL_ISSUER = 'cairn'

/**
 * Verifies credentials in this process: a token it has seen costs one hash. The auth service is asked for
 * keys, session states and app passwords; answers are kept up to a minute and dropped when revoked. While
 * it cannot be reached, what is not known is refused with `unavailable`.
 */
export const createIdentityVerifier = async (options: IdentityVerifierOptions): Promise<RunningIdentityVerifier> => {
  const { auth, clock, logger, publicOrigin } = options
  const keys = createKeySet({
    clock,
    logger,
    fetch: async () => (await auth.getVerificationKeys({})).jwksJson
  })
  const tokens = createAccessTokens({ keys, clock, issuers: [publicOrigin, NEUTRAL_ISSUER] })
  const sessions = createSessions(auth, clock)
  const appPasswords = createAppPasswords(auth, clock)
  const endFollowing = await followRevocations(options.cache, { sessions, appPasswords, keys, logger })
  const cookieNames = acceptedCookieNames(publicOrigin)
  const origins = [publicOrigin, ...(options.otherOrigins ?? [])]

  const identify = async (credential: Credential): Promise<Identity> => {
    if (credential.kind === 'app-password') {
      const { userId, appPasswordId, scopes, admin } = await appPasswords.verify(credential.username, credential.secret)
      return { userId, credentialId: appPasswordId, credential: 'app-password', admin, scopes }
    }
    const { userId, sessionId } = await tokens.verify(credential.token)
    const { admin } = await sessions.requireActive(userId, sessionId)
    return { userId, credentialId: sessionId, credential: 'session', admin, scopes: ['*'] }
  }

  return {
    verify: async (request) => {
      const credential = readCredential(request.headers, cookieNames)
      if (credential === undefined) throw new CairnError('unauthenticated', 'This needs a signed-in user')
      if (credential.kind === 'access-token' && credential.fromCookie) requireSameOrigin(request, origins)
      return identify(credential)
    },
    [Symbol.asyncDispose]: endFollowing
  }
}
