import { readCookie } from '@cairn/identity'
import type { FastifyRequest } from 'fastify'
import type { AuthContext } from '../context.ts'
import { refreshCookieName } from './cookies.ts'
import { requireOwnPage } from './csrf.ts'

/** The refresh token of the cookie, if there is one. Throws `csrf_refused` for a request from elsewhere. */
export const readRefreshCookie = (context: AuthContext, request: FastifyRequest): string | undefined => {
  const token = readCookie(request.headers.cookie, refreshCookieName(context.publicOrigin))
  if (token !== undefined) requireOwnPage(context, request)
  return token
}
