import type { CallOptions } from '../models.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export interface AuthResource {
  /** Whether the first administrator is still to be made. */
  setupState(options?: CallOptions): Promise<SetupState>
  /** Makes the first administrator; the token is printed by the server at its first start. */
  setup(account: SetupAccount, options?: CallOptions): Promise<SignIn>
  register(account: Registration, options?: CallOptions): Promise<SignIn>
  /** Credentials of this call are its own; the client's are not used. */
  login(credentials: PasswordCredentials, options?: CallOptions): Promise<SignIn>
  /** Exchanges a refresh token; each works once. */
  refresh(refreshToken: string, options?: CallOptions): Promise<SignIn>
  /** Ends the session of this client. */
  logout(options?: CallOptions): Promise<void>
  /** Ends all sessions of the caller. */
  logoutAll(options?: CallOptions): Promise<void>
  me(options?: CallOptions): Promise<User>
  changeEmail(change: EmailChange, options?: CallOptions): Promise<User>
  changePassword(change: PasswordChange, options?: CallOptions): Promise<void>
  /** Sends a link, if there is such an account; the answer does not tell. */
  requestPasswordReset(username: string, options?: CallOptions): Promise<void>
  /** Spends the token of a link; all sessions end. */
  confirmPasswordReset(reset: PasswordReset, options?: CallOptions): Promise<void>
  sessions(options?: CallOptions): Promise<readonly Session[]>
  endSession(id: string, options?: CallOptions): Promise<void>
  appPasswords(options?: CallOptions): Promise<readonly AppPassword[]>
  createAppPassword(request: NewAppPassword, options?: CallOptions): Promise<CreatedAppPassword>
  revokeAppPassword(id: string, options?: CallOptions): Promise<void>
}

export interface SetupState {
  readonly required: boolean
}
export interface PasswordCredentials {
  readonly username: string
  readonly password: string
  /** Shown in the list of sessions. */
  readonly device?: string
}
export interface SetupAccount extends Registration {
  readonly token: string
}
export interface Registration extends PasswordCredentials {
  readonly email?: string
  readonly invite?: string
}
export interface PasswordChange {
  readonly currentPassword: string
  readonly newPassword: string
  readonly revokeAppPasswords?: boolean
}

export interface PasswordReset {
  readonly token: string
  readonly newPassword: string
  readonly revokeAppPasswords?: boolean
}

export interface EmailChange {
  readonly email: string | null
  readonly currentPassword: string
}

export interface SignIn {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly refreshToken: string
  readonly sessionId: string
  readonly user: User
}

export interface User {
  readonly id: string
  readonly username: string
  readonly email: string | null
  readonly admin: boolean
  readonly createdAt: string
}

export interface Session {
  readonly id: string
  readonly device: string | null
  readonly userAgent: string
  /** Address it was started from. */
  readonly ip: string
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
  readonly current: boolean
}

export interface NewAppPassword {
  readonly name: string
  /** `files:read`, `files:write`, `*`; default: both of the first. */
  readonly scopes?: readonly string[]
  /** ISO 8601; never when absent. */
  readonly expiresAt?: string
}

export interface AppPassword {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly expiresAt: string | null
}

export interface CreatedAppPassword extends AppPassword {
  /** Shown this once. */
  readonly secret: string
}

export function authResource(transport: Transport): AuthResource {
  const post = <T>(path: string, json: unknown, signal: AbortSignal | undefined) =>
    transport.json<T>({ method: 'POST', path, json, signal })
  return {
    setupState: ({ signal } = {}) => transport.json({ method: 'GET', path: '/v1/auth/setup', signal }),
    setup: (account, { signal } = {}) => post('/v1/auth/setup', account, signal),
    register: (account, { signal } = {}) => post('/v1/auth/register', account, signal),
    login: (credentials, { signal } = {}) => post('/v1/auth/login', credentials, signal),
    refresh: (refreshToken, { signal } = {}) => post('/v1/auth/refresh', { refreshToken }, signal),
    logout: ({ signal } = {}) => transport.none({ method: 'POST', path: '/v1/auth/logout', signal }),
    logoutAll: ({ signal } = {}) => transport.none({ method: 'POST', path: '/v1/auth/logout-all', signal }),
    me: ({ signal } = {}) => transport.json({ method: 'GET', path: '/v1/auth/me', signal }),
    changeEmail: (json, { signal } = {}) =>
      transport.json({ method: 'PATCH', path: '/v1/auth/me', json, idempotent: true, signal }),
    changePassword: (json, { signal } = {}) =>
      transport.none({ method: 'POST', path: '/v1/auth/password', json, signal }),
    requestPasswordReset: (username, { signal } = {}) =>
      transport.none({ method: 'POST', path: '/v1/auth/password-reset/request', json: { username }, signal }),
    confirmPasswordReset: (json, { signal } = {}) =>
      transport.none({ method: 'POST', path: '/v1/auth/password-reset/confirm', json, signal }),
    sessions: async ({ signal } = {}) =>
      (await transport.json<{ items: readonly Session[] }>({ method: 'GET', path: '/v1/auth/sessions', signal })).items,
    endSession: (id, { signal } = {}) =>
      transport.none({ method: 'DELETE', path: path`/v1/auth/sessions/${id}`, signal }),
    appPasswords: async ({ signal } = {}) =>
      (
        await transport.json<{ items: readonly AppPassword[] }>({
          method: 'GET',
          path: '/v1/auth/app-passwords',
          signal
        })
      ).items,
    createAppPassword: (request, { signal } = {}) => post('/v1/auth/app-passwords', request, signal),
    revokeAppPassword: (id, { signal } = {}) =>
      transport.none({ method: 'DELETE', path: path`/v1/auth/app-passwords/${id}`, signal })
  }
}
