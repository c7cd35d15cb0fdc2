import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { TestContext } from 'node:test'
import type { Cache } from '@cairn/cache'
import { AuthService, CairnError } from '@cairn/contracts'
import { bindRpc, createClient, createLocalTransport, createRpcInterceptors, createRpcRegistry } from '@cairn/rpc'
import { createLogger, createMetrics } from '@cairn/runtime'
import type { FastifyRequest } from 'fastify'
import { type JWTPayload, SignJWT } from 'jose'
import { createIdentityVerifier, type Identity, type IdentityVerifierOptions } from '../src/index.ts'

export const USER = '0193a5d2-7c1f-7b3e-9a4d-2f6e8c0b1a35'
export const SESSION = '0193a5d2-7c1f-7b3e-9a4d-2f6e8c0b1a36'
export const ORIGIN = 'https://files.test'
export const APP_SECRET = 'cairn_AbCdEfGhIjKlMnOpQrStUvWx'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export const createSigningKey = (kid: string): SigningKey => ({ kid, ...generateKeyPairSync('ed25519') })

/** A stand-in for the auth service, with what it was asked. */
export const createAuth = (keys: SigningKey[]) => {
  const calls = { keys: 0, sessions: 0, passwords: 0 }
  const state = { active: true, admin: false, maxAgeSeconds: 60, down: false, password: APP_SECRET }
  const gate = { session: Promise.resolve() }
  const requireUp = (): void => {
    if (state.down) throw new CairnError('unavailable', 'down')
  }
  const binding = bindRpc(AuthService, {
    getVerificationKeys: async () => {
      calls.keys += 1
      requireUp()
      const jwks = keys.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        alg: 'EdDSA',
        use: 'sig'
      }))
      return { jwksJson: JSON.stringify({ keys: jwks }) }
    },
    checkSession: async () => {
      calls.sessions += 1
      requireUp()
      const { active, admin, maxAgeSeconds } = state
      await gate.session
      return { active, admin, maxAgeSeconds }
    },
    verifyAppPassword: async ({ username, secret }) => {
      calls.passwords += 1
      requireUp()
      if (secret !== state.password || (username !== '' && username !== 'ann')) {
        throw new CairnError('unauthenticated', 'no such app password, really')
      }
      return { userId: USER, appPasswordId: 'p1', scopes: ['files:read'], admin: false, maxAgeSeconds: 600 }
    }
  })
  return { calls, state, gate, binding }
}

export type TestAuth = ReturnType<typeof createAuth>

/** Publish and subscribe only; at once and in order. */
const createChannel = (): Cache => {
  const handlers = new Map<string, Set<(message: string) => void>>()
  const unused = () => Promise.reject(new Error('not used by identity'))
  return {
    get: unused,
    set: unused,
    delete: unused,
    increment: unused,
    check: () => Promise.resolve(),
    publish: async (channel, message) => {
      for (const handler of handlers.get(channel) ?? []) handler(message)
    },
    subscribe: async (channel, handler) => {
      const known = handlers.get(channel) ?? new Set()
      handlers.set(channel, known.add(handler))
      return async () => void known.delete(handler)
    },
    [Symbol.asyncDispose]: () => Promise.resolve()
  }
}

export const startVerifier = async (t: TestContext, overrides: Partial<IdentityVerifierOptions> = {}) => {
  const key = createSigningKey('k1')
  const keys = [key]
  const auth = createAuth(keys)
  const time = { now: Date.now() }
  const clock = { now: () => time.now, sleep: () => Promise.resolve() }
  const logger = createLogger({ level: 'silent' })
  const registry = createRpcRegistry()
  registry.bind(auth.binding)
  const interceptors = createRpcInterceptors({ logger, metrics: createMetrics() })
  const cache = createChannel()
  const verifier = await createIdentityVerifier({
    auth: createClient(AuthService, createLocalTransport(registry, { interceptors })),
    cache,
    clock,
    logger,
    publicOrigin: ORIGIN,
    ...overrides
  })
  t.after(() => verifier[Symbol.asyncDispose]())
  const verify = (headers: IncomingHttpHeaders, method = 'GET'): Promise<Identity> =>
    verifier.verify({ headers, method } as FastifyRequest)
  return { key, keys, auth, cache, time, verify }
}

export const sign = (key: SigningKey, claims: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT({ sid: SESSION, adm: false, iss: ORIGIN, aud: 'cairn-api', sub: USER, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, ...header })
    .setIssuedAt()
    .setExpirationTime(claims.exp ?? '10m')
    .sign(key.privateKey)

export const bearer = (token: string): IncomingHttpHeaders => ({ authorization: `Bearer ${token}` })

export const basic = (username: string, secret: string): IncomingHttpHeaders => ({
  authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`
})

/** The CairnError of a refusal. */
export const refusalOf = async (verification: Promise<unknown>): Promise<CairnError> => {
  try {
    await verification
  } catch (error) {
    if (error instanceof CairnError) return error
    throw error
  }
  throw new Error('the credential was accepted')
}
