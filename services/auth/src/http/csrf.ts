import { requireSameOrigin } from '@cairn/identity'
import type { FastifyRequest } from 'fastify'
import type { AuthContext } from '../context.ts'

/** Whatever sets, uses or clears cookies must come from our own pages. Throws `csrf_refused`. */
export const requireOwnPage = (context: AuthContext, request: FastifyRequest): void =>
  requireSameOrigin(request, [context.publicOrigin])
