import { requireAdmin, requireIdentity } from '@cairn/http'
import type { FastifyRequest } from 'fastify'
import type { AuthContext } from '../context.ts'
import { signedInOf } from './caller-of.ts'

type Hook = (request: FastifyRequest) => Promise<void>

/** A signed-in caller, and not by app password: those manage no credentials. */
export const requireSession = (context: AuthContext): Hook => {
  const identify = requireIdentity(context.identity)
  return async (request) => {
    await identify(request)
    signedInOf(request)
  }
}

export const requireAdminSession = (context: AuthContext): Hook => {
  const identify = requireAdmin(context.identity)
  return async (request) => {
    await identify(request)
    signedInOf(request)
  }
}
