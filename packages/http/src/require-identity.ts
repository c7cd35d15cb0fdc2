import { CairnError } from '@cairn/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Identity, IdentityVerifier } from './caller.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling. Reading it on a route without one of the `require…` hooks throws. */
    identity: Identity
  }
}

/** Told of every identified request, e.g. to limit rates per user. Throwing refuses the request. */
export type IdentityObserver = (request: FastifyRequest, identity: Identity) => void

type IdentityHook = (request: FastifyRequest) => Promise<void>

/**
 * Hook of a route that needs a signed-in caller; sets `request.identity`. Use it as `onRequest`, so that a
 * stranger is refused before a body is received; `preHandler` works too.
 */
export const requireIdentity =
  (verifier: IdentityVerifier): IdentityHook =>
  async (request) => {
    await identify(verifier, request)
  }

/** As requireIdentity, and the credential must carry this scope, e.g. "files:write". Else `forbidden`. */
export const requireScope =
  (verifier: IdentityVerifier, scope: string): IdentityHook =>
  async (request) => {
    const identity = await identify(verifier, request)
    if (!hasScope(identity, scope)) {
      throw new CairnError('forbidden', 'This credential does not allow that', { details: { requiredScope: scope } })
    }
  }

/** As requireIdentity, and the caller must be an administrator with an unrestricted credential. Else `forbidden`. */
export const requireAdmin =
  (verifier: IdentityVerifier): IdentityHook =>
  async (request) => {
    const identity = await identify(verifier, request)
    if (!identity.admin || !hasScope(identity, 'admin')) {
      throw new CairnError('forbidden', 'Only administrators may do that')
    }
  }

/** "*" allows everything; "files:*" allows every scope that begins with "files:". */
export const hasScope = (identity: Pick<Identity, 'scopes'>, scope: string): boolean =>
  identity.scopes.some(
    (held) => held === '*' || held === scope || (held.endsWith(':*') && scope.startsWith(held.slice(0, -1)))
  )

const IDENTITY = Symbol('cairn.identity')
const OBSERVER = Symbol('cairn.identity-observer')

interface Identified {
  [IDENTITY]: Identity | undefined
}

/** Prepares `request.identity`. Called once, by createHttpServer. */
export const decorateIdentity = (app: FastifyInstance, observer: IdentityObserver | undefined): void => {
  app.decorateRequest(IDENTITY, undefined)
  app.decorateRequest('identity', {
    getter(this: FastifyRequest): Identity {
      const identity = (this as FastifyRequest & Identified)[IDENTITY]
      if (identity === undefined) throw new CairnError('internal', 'The route does not say who may call it')
      return identity
    }
  })
  app.decorate(OBSERVER, observer)
}

/** The identity if a hook has established one; for logs and limits. */
export const identityOf = (request: FastifyRequest): Identity | undefined =>
  (request as FastifyRequest & Partial<Identified>)[IDENTITY]

const identify = async (verifier: IdentityVerifier, request: FastifyRequest): Promise<Identity> => {
  const known = identityOf(request)
  if (known !== undefined) return known
  const identity = await verifier.verify(request)
  ;(request as FastifyRequest & Identified)[IDENTITY] = identity
  const { [OBSERVER]: observer } = request.server as { [OBSERVER]?: IdentityObserver }
  observer?.(request, identity)
  return identity
}
