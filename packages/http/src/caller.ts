import type { FastifyRequest } from 'fastify'

/** Who is calling, as verified from credentials in this process. */
export interface Identity {
  readonly userId: string
  /** The session or app password used. */
  readonly credentialId: string
  readonly credential: 'session' | 'app-password'
  readonly admin: boolean
  /** "*" or a list such as "files:read", "files:write". */
  readonly scopes: readonly string[]
}

/**
 * Verifies the credentials of a request: `Authorization: Bearer <JWT or app password>`,
 * `Authorization: Basic`, or the `__Host-cairn-access` cookie (then CSRF rules apply to unsafe methods).
 * Throws CairnError `unauthenticated` / `csrf_refused`.
 */
export interface IdentityVerifier {
  verify(request: FastifyRequest): Promise<Identity>
}
