import { DriveParam, type HttpApp, requireScope, Uuid } from '@cairn/http'
import type { FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import type { MetadataContext } from '../context.ts'
import type { Actor } from '../domain/operation.ts'
import type { NodeView } from '../domain/outcome.ts'
import { refusal } from '../errors.ts'
import type { ApiOperation } from '../operations/api-operation.ts'
import { submit } from '../operations/submit.ts'
import type { Membership } from '../store/drives.ts'
import { derivedUuid, isUuid } from '../uuid.ts'

export interface Routes {
  readonly app: HttpApp
  readonly context: MetadataContext
  /** Hooks that say who may call. */
  readonly mayRead: ReturnType<typeof requireScope>
  readonly mayWrite: ReturnType<typeof requireScope>
}

export const routeKit = (app: HttpApp, context: MetadataContext): Routes => ({
  app,
  context,
  mayRead: requireScope(context.identity, 'files:read'),
  mayWrite: requireScope(context.identity, 'files:write')
})

export const DriveParams = Type.Object({ drive: DriveParam })
export const NodeParams = Type.Object({ drive: DriveParam, node: Uuid })
export const VersionParams = Type.Object({ drive: DriveParam, node: Uuid, version: Uuid })

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Repeating a request with the same key (best a UUID) has no further effect'
    })
  ),
  'if-match': Type.Optional(Type.String({ maxLength: 200, description: 'Only if the node still has this ETag' }))
})

/** A listing's page. */
export const PageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }) })

export const driveOf = (context: MetadataContext, request: FastifyRequest, drive: string): Promise<Membership> =>
  context.findDrive(request.identity.userId, drive)

export const actorOf = ({ identity }: FastifyRequest, { role }: Membership): Actor => ({
  userId: identity.userId,
  deviceId: identity.credentialId,
  role
})

/** The operation's id: the caller's key, so that a repeat is recognised, or a new one. */
export const opIdOf = (context: MetadataContext, request: FastifyRequest): string => {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return context.random.uuid()
  return isUuid(key.toLowerCase()) ? key.toLowerCase() : derivedUuid('idempotency-key', key)
}

/** Applies one operation; throws what it was refused for. */
export const applyOne = async (
  context: MetadataContext,
  drive: Membership,
  { actor, operation }: { readonly actor: Actor; readonly operation: ApiOperation }
): Promise<NodeView> => {
  const { outcomes } = await submit(context, drive, { actor, operations: [operation], atomic: false })
  const [outcome] = outcomes
  if (outcome?.applied === true) return outcome.view
  throw refusal(outcome ?? { code: 'internal', message: 'The operation was not answered' })
}
