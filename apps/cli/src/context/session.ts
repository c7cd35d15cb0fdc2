import {
  ApiError,
  bearer,
  type CairnClient,
  type Credentials,
  createClient,
  type RetryEvent,
  type RetryPolicy,
  type SessionTokens,
  type SignIn,
  sessionCredentials
} from '@cairn/client'
import { configFolder } from '../config/folder.ts'
import { type SessionFile, sessionFile } from '../config/sessions.ts'
import { readSettings } from '../config/settings.ts'
import { CliError, EXIT, usageError } from '../exit-codes.ts'
import type { NodePort } from '../http/node-port.ts'
import { VERSION } from '../version.ts'
import type { Platform } from './platform.ts'

export const DEFAULT_SERVER = 'http://127.0.0.1:8080'

export interface Connection {
  /** Canonical base URL. */
  readonly server: string
  /** Without credentials, for signing in. */
  readonly anonymous: CairnClient
  readonly session: SessionFile
  /** @throws CliError when nobody is signed in. */
  signedIn(): Promise<CairnClient>
}

export interface ConnectOptions {
  readonly platform: Platform
  readonly http: NodePort
  /** From the command line; else CAIRN_URL, the last sign-in's, or this machine. */
  readonly server: string | undefined
  readonly retry: Partial<RetryPolicy>
  /** Told before each pause. */
  readonly onRetry: (event: RetryEvent) => void
}

export async function connect(options: ConnectOptions): Promise<Connection> {
  const { platform, http, retry, onRetry } = options
  const folder = configFolder(platform)
  const wanted = options.server ?? platform.env['CAIRN_URL'] ?? (await readSettings(folder)).server ?? DEFAULT_SERVER
  const server = canonical(wanted)
  const clientWith = (credentials?: Credentials) =>
    createClient({
      baseUrl: server,
      http,
      retry,
      onRetry,
      timing: platform.timing,
      userAgent: `cairn-cli/${VERSION}`,
      ...(credentials === undefined ? {} : { credentials })
    })
  const anonymous = clientWith()
  const session = sessionFile({ folder, server, timing: platform.timing })

  return {
    server,
    anonymous,
    session,
    signedIn: async () => {
      const token = platform.env['CAIRN_TOKEN']
      if (token) return clientWith(bearer(token))
      if ((await session.read()) === undefined) throw notSignedIn(server)
      const now = () => platform.timing.now()
      return clientWith(
        sessionCredentials({
          store: session,
          now,
          refresh: async (refreshToken, signal) =>
            tokensOf(await anonymous.auth.refresh(refreshToken, { signal }), now()),
          isOver: (error) => error instanceof ApiError && error.status === 401
        })
      )
    }
  }
}

export const tokensOf = (signIn: SignIn, now: number): SessionTokens => ({
  accessToken: signIn.accessToken,
  accessExpiresAt: now + signIn.expiresIn * 1000,
  refreshToken: signIn.refreshToken
})

const notSignedIn = (server: string) =>
  new CliError(EXIT.auth, 'unauthenticated', `Not signed in to ${server}: run "cairn login"`)

function canonical(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password) {
    throw usageError(`"${text}" is not a server's address; give http(s)://host[:port]`)
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}
