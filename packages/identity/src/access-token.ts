import { hash } from 'node:crypto'
import type { Clock } from '@cairn/runtime'
import { jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { KeySet } from './key-set.ts'
import { refuseCredential } from './refusal.ts'

/** What a genuine access token says. */
export interface AccessClaims {
  readonly userId: string
  readonly sessionId: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

export interface AccessTokens {
  /** Throws `unauthenticated` unless the token is genuine, ours and current. */
  verify(token: string): Promise<AccessClaims>
}

export interface AccessTokenOptions {
  readonly keys: KeySet
  readonly clock: Clock
  /** Accepted `iss` values. */
  readonly issuers: readonly string[]
}

export const ACCESS_TOKEN_AUDIENCE = 'cairn-api'
export const ACCESS_TOKEN_TYPE = 'at+jwt'

const ALGORITHMS = ['EdDSA', 'Ed25519']
const COMPACT_JWS = /^([\w-]+)\.[\w-]+\.[\w-]{86}$/
const KEY_ID = /^[\w.-]{1,64}$/
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const LEEWAY_SECONDS = 5
const CACHED_TOKENS = 20_000

/**
 * Access tokens: EdDSA over the keys of the auth service and nothing else. The header may name the
 * algorithm, the type and the key, no more: nothing in a token ever leads to another key or to a request.
 */
export const createAccessTokens = (options: AccessTokenOptions): AccessTokens => {
  const verified = new LRUCache<string, AccessClaims>({ max: CACHED_TOKENS })
  let removals = 0
  options.keys.onRemoval(() => {
    removals += 1
    verified.clear()
  })

  return {
    verify: async (token) => {
      const digest = hash('sha256', token, 'base64')
      const known = verified.get(digest)
      if (known !== undefined) {
        options.keys.keepFresh()
        if (options.clock.now() < known.expiresAt) return known
        verified.delete(digest)
        throw refuseCredential('the token has expired')
      }
      const before = removals
      const claims = await verifyToken(token, options)
      if (before === removals) verified.set(digest, claims)
      return claims
    }
  }
}

const verifyToken = async (token: string, options: AccessTokenOptions): Promise<AccessClaims> => {
  const key = await options.keys.find(readKeyId(token))
  if (key === undefined) throw refuseCredential('unknown key')
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ALGORITHMS,
      typ: ACCESS_TOKEN_TYPE,
      audience: ACCESS_TOKEN_AUDIENCE,
      issuer: [...options.issuers],
      requiredClaims: ['sub', 'sid', 'exp'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(options.clock.now())
    })
    const { sub, exp } = payload
    const sid = payload['sid']
    if (typeof sub !== 'string' || typeof sid !== 'string' || exp === undefined) throw new Error('claims are missing')
    if (!UUID.test(sub) || !UUID.test(sid)) throw new Error('claims are malformed')
    return { userId: sub, sessionId: sid, expiresAt: (exp + LEEWAY_SECONDS) * 1000 }
  } catch (error) {
    throw refuseCredential(error instanceof Error ? error.message : 'not verifiable')
  }
}

const readKeyId = (token: string): string => {
  const match = COMPACT_JWS.exec(token)
  if (match?.[1] === undefined) throw refuseCredential('not a compact Ed25519 JWS')
  const header = parseHeader(match[1])
  const { alg, typ, kid, ...others } = header
  if (Object.keys(others).length > 0) throw refuseCredential('unexpected header parameters')
  if (typeof alg !== 'string' || !ALGORITHMS.includes(alg)) throw refuseCredential('another algorithm')
  if (typ !== ACCESS_TOKEN_TYPE) throw refuseCredential('another type of token')
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) throw refuseCredential('malformed key id')
  return kid
}

const parseHeader = (encoded: string): Readonly<Record<string, unknown>> => {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))
    if (header !== null && typeof header === 'object' && !Array.isArray(header))
      return header as Record<string, unknown>
  } catch {
    // Not JSON: refused below like everything else that is no header.
  }
  throw refuseCredential('unreadable header')
}
