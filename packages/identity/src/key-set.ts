import { CairnError } from '@cairn/contracts'
import type { Clock, Logger } from '@cairn/runtime'
import { type CryptoKey, importJWK, type JWK } from 'jose'

/** The public keys access tokens are signed with. */
export interface KeySet {
  /** Undefined when no such key exists. Rejects `unavailable` when the keys cannot be fetched. */
  find(kid: string): Promise<CryptoKey | undefined>
  /** Refetches in the background when the keys have become old; costs nothing otherwise. */
  keepFresh(): void
  /** Refetches in the background because the keys are known to have changed. */
  refresh(): void
  /** Called after a refetch in which a key has disappeared. */
  onRemoval(listener: () => void): void
}

export interface KeySetOptions {
  /** Returns a JWKS document. */
  readonly fetch: () => Promise<string>
  readonly clock: Clock
  readonly logger: Logger
}

const MAX_AGE_MS = 300_000
/** However many unknown key ids arrive, the auth service is asked this often at most. */
const MIN_REFETCH_MS = 10_000

export const createKeySet = (options: KeySetOptions): KeySet => {
  const { clock, logger } = options
  const listeners: (() => void)[] = []
  let keys: ReadonlyMap<string, CryptoKey> = new Map()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let attemptedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  const fetchKeys = async (): Promise<void> => {
    const next = await parseKeys(await options.fetch())
    const removed = [...keys.keys()].some((kid) => !next.has(kid))
    keys = next
    fetchedAt = clock.now()
    if (removed) for (const listener of listeners) listener()
  }

  const refetch = (): Promise<void> => {
    if (fetching === undefined) {
      attemptedAt = clock.now()
      fetching = fetchKeys().finally(() => {
        fetching = undefined
      })
    }
    return fetching
  }

  const complain = (error: unknown): void => logger.warn({ err: error }, 'verification keys could not be refreshed')

  /** Old keys serve while new ones are fetched, and when they cannot be. */
  const keepFresh = (): void => {
    const now = clock.now()
    if (now - fetchedAt > MAX_AGE_MS && now - attemptedAt > MIN_REFETCH_MS) refetch().catch(complain)
  }

  return {
    keepFresh,
    refresh: () => {
      // What is being fetched may predate the change.
      const before = fetching?.catch(() => undefined) ?? Promise.resolve()
      before.then(refetch).catch(complain)
    },
    find: async (kid) => {
      const known = keys.get(kid)
      const now = clock.now()
      if (known !== undefined) {
        keepFresh()
        return known
      }
      if (fetching === undefined && now - attemptedAt < MIN_REFETCH_MS && fetchedAt > Number.NEGATIVE_INFINITY) {
        return undefined
      }
      try {
        await refetch()
      } catch (cause) {
        throw new CairnError('unavailable', 'Sign-ins cannot be verified at the moment', { cause, retryAfter: 2 })
      }
      return keys.get(kid)
    },
    onRemoval: (listener) => {
      listeners.push(listener)
    }
  }
}

const parseKeys = async (jwks: string): Promise<ReadonlyMap<string, CryptoKey>> => {
  const document = JSON.parse(jwks) as { keys?: JWK[] }
  const keys = new Map<string, CryptoKey>()
  for (const jwk of document.keys ?? []) {
    if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || jwk.kid === undefined) continue
    const key = await importJWK({ kty: jwk.kty, crv: jwk.crv, ...(jwk.x === undefined ? {} : { x: jwk.x }) }, 'EdDSA')
    if (!(key instanceof Uint8Array)) keys.set(jwk.kid, key)
  }
  return keys
}
