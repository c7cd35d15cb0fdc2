import { ApiError, type CairnClient, cookieCredentials, createClient } from '@cairn/client'

const LOCK = 'cairn.renew'
const STAMP = 'cairn.renewed'

/** Works where there is no window, too: the upload worker shares the session's cookies. */
export const createBrowserClient = (options: {
  readonly origin: string
  readonly onSignedOut: () => void
}): CairnClient => {
  const stamp = renewalStamp()
  const bare = createClient({ baseUrl: options.origin, credentials: cookieCredentials(NEVER) })
  return createClient({
    baseUrl: options.origin,
    credentials: cookieCredentials({
      refresh: async () => {
        await bare.browserSession.refresh()
        stamp.write(Date.now())
      },
      isOver: (error) => error instanceof ApiError && (error.status === 401 || error.status === 403),
      onOver: options.onSignedOut,
      exclusive: async (exchange) => {
        const asked = Date.now()
        await inTurn(async () => {
          // Another tab did it for us while we waited.
          if (stamp.read() < asked) await exchange()
        })
      }
    })
  })
}

const NEVER = { refresh: async () => undefined, isOver: () => true }

const inTurn = (run: () => Promise<void>): Promise<void> =>
  // Only secure contexts have locks; elsewhere the server's grace makes two exchanges agree.
  'locks' in navigator && navigator.locks !== undefined ? navigator.locks.request(LOCK, run) : run()

/** When somebody last renewed; workers have no storage, and then every exchange is made. */
export const renewalStamp = () => ({
  read: (): number => {
    try {
      return Number(localStorage.getItem(STAMP) ?? 0)
    } catch {
      return 0
    }
  },
  write: (at: number): void => {
    try {
      localStorage.setItem(STAMP, String(at))
    } catch {
      // Without storage each tab renews for itself.
    }
  }
})
