import type { Credentials } from './credentials.ts'

export interface CookieOptions {
  /** Exchanges the refresh cookie; rejects when the session is over. */
  readonly refresh: () => Promise<void>
  /** Whether the error means that the session cannot be continued. */
  readonly isOver: (error: unknown) => boolean
  /** Told once the session is over. */
  readonly onOver?: () => void
  /** Runs one exchange at a time among everybody who shares the cookies. */
  readonly exclusive?: (exchange: () => Promise<void>) => Promise<void>
}

/** What proves that a request comes from our own page and not from a form on somebody else's. */
export const CSRF_HEADERS: Readonly<Record<string, string>> = { 'x-cairn-csrf': '1' }

/** The session of a browser: tokens are in cookies that no script can read. */
export function cookieCredentials(options: CookieOptions): Credentials {
  let flight: Promise<boolean> | undefined
  const exchange = async (): Promise<boolean> => {
    try {
      await (options.exclusive ?? ((run) => run()))(options.refresh)
      return true
    } catch (error) {
      if (!options.isOver(error)) throw error
      options.onOver?.()
      return false
    }
  }
  return {
    headers: async () => CSRF_HEADERS,
    renew: () => {
      flight ??= exchange().finally(() => {
        flight = undefined
      })
      return flight
    }
  }
}
