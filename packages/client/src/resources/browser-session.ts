import type { CallOptions } from '../models.ts'
import type { Transport } from '../transport/transport.ts'
import type { PasswordCredentials, Registration, SetupAccount, User } from './auth.ts'

/** Signing in where tokens live in cookies; see cookieCredentials. */
export interface BrowserSessionResource {
  setup(account: SetupAccount, options?: CallOptions): Promise<CookieSignIn>
  register(account: Registration, options?: CallOptions): Promise<CookieSignIn>
  login(credentials: PasswordCredentials, options?: CallOptions): Promise<CookieSignIn>
  /** Exchanges the refresh cookie. */
  refresh(options?: CallOptions): Promise<CookieSignIn>
}

export interface CookieSignIn {
  /** Seconds until the access cookie expires. */
  readonly expiresIn: number
  readonly sessionId: string
  readonly user: User
}

export function browserSessionResource(transport: Transport): BrowserSessionResource {
  const post = (name: string, body: object, signal: AbortSignal | undefined) =>
    transport.json<CookieSignIn>({ method: 'POST', path: `/v1/auth/${name}`, json: { ...body, cookies: true }, signal })
  return {
    setup: (account, { signal } = {}) => post('setup', account, signal),
    register: (account, { signal } = {}) => post('register', account, signal),
    login: (credentials, { signal } = {}) => post('login', credentials, signal),
    refresh: ({ signal } = {}) => transport.json({ method: 'POST', path: '/v1/auth/refresh', json: {}, signal })
  }
}
