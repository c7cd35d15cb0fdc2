import type { Credentials } from './credentials.ts'

/** What a sign-in yields. Times in ms since the epoch. */
export interface SessionTokens {
  readonly accessToken: string
  readonly accessExpiresAt: number
  readonly refreshToken: string
}

/** Where a session's tokens are kept. */
export interface TokenStore {
  read(): Promise<SessionTokens | undefined>
  /**
   * Replaces the tokens by what `change` makes of them. Exclusive among everybody sharing the store
   * (other tabs, other processes): refresh tokens are single use. `undefined` forgets the session.
   */
  update(change: (current: SessionTokens | undefined) => Promise<SessionTokens | undefined>): Promise<void>
}

export interface SessionOptions {
  readonly store: TokenStore
  readonly now: () => number
  /** Exchanges a refresh token; rejects with an ApiError of status 401 when the session is over. */
  readonly refresh: (refreshToken: string, signal: AbortSignal | undefined) => Promise<SessionTokens>
  /** Whether the error means that the session cannot be continued. */
  readonly isOver: (error: unknown) => boolean
}

// Renewed this long before the end, so that a request in flight does not outlive its token.
const EARLY_MS = 20_000

/** Access tokens renewed shortly before they expire, and after a 401; one exchange at a time. */
export function sessionCredentials(options: SessionOptions): Credentials {
  let flight: Promise<void> | undefined
  // The store is asked only when these do not do: it may be a file.
  let known: SessionTokens | undefined

  const load = async () => {
    known = await options.store.read()
    return known
  }
  const renewUnless = (isFresh: (tokens: SessionTokens) => boolean): Promise<void> => {
    flight ??= options.store
      .update((current) => exchange(options, current, isFresh))
      .finally(() => {
        flight = undefined
        known = undefined
      })
    return flight
  }

  return {
    headers: async () => {
      const tokens = known ?? (await load())
      if (tokens === undefined) return {}
      if (!expiring(tokens, options.now())) return authorization(tokens)
      await renewUnless((other) => !expiring(other, options.now()))
      return authorization(await load())
    },
    renew: async (refused) => {
      const header = refused['authorization']
      if (header === undefined) return false
      const current = await load()
      if (current !== undefined && authorization(current)['authorization'] !== header) return true
      await renewUnless((other) => authorization(other)['authorization'] !== header)
      return (await load()) !== undefined
    }
  }
}

// Another process may have renewed while we waited for the store: its tokens are used, not ours.
// The caller's signal is not passed on: an exchange that the server has done must be stored.
async function exchange(
  options: SessionOptions,
  current: SessionTokens | undefined,
  isFresh: (tokens: SessionTokens) => boolean
): Promise<SessionTokens | undefined> {
  if (current === undefined || isFresh(current)) return current
  try {
    return await options.refresh(current.refreshToken, undefined)
  } catch (error) {
    if (options.isOver(error)) return undefined
    throw error
  }
}

const expiring = (tokens: SessionTokens, now: number) => tokens.accessExpiresAt - EARLY_MS <= now

const authorization = (tokens: SessionTokens | undefined): Readonly<Record<string, string>> =>
  tokens === undefined ? {} : { authorization: `Bearer ${tokens.accessToken}` }

/** A store for one process; lost at its end. */
export function memoryTokenStore(initial?: SessionTokens): TokenStore {
  let tokens = initial
  let queue: Promise<unknown> = Promise.resolve()
  return {
    read: async () => tokens,
    update: (change) => {
      const next = queue.then(async () => {
        tokens = await change(tokens)
      })
      queue = next.catch(() => undefined)
      return next
    }
  }
}
