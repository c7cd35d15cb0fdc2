import { createHash, timingSafeEqual } from 'node:crypto'
import { readCookie } from '@cairn/identity'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { TICKET_LIFE_SECONDS } from '../domain/make-ticket.ts'

/** user 16 ‖ secret 32: the user names the row, the secret alone decides. */
const LENGTH = 48
const USER_LENGTH = 16
const VALUE = /^[A-Za-z0-9_-]{64}$/

export interface TicketCookie {
  readonly userId: string
  readonly secret: Uint8Array
}

const isSecure = (publicOrigin: string): boolean => publicOrigin.startsWith('https:')
const cookieName = (publicOrigin: string): string =>
  isSecure(publicOrigin) ? '__Secure-cairn-archive' : 'cairn-archive'

/** Sent back for this one archive only. */
export const setTicketCookie = (
  reply: FastifyReply,
  publicOrigin: string,
  ticket: TicketCookie & { readonly path: string }
): void => {
  const value = Buffer.concat([Buffer.from(ticket.userId.replaceAll('-', ''), 'hex'), ticket.secret])
  const secure = isSecure(publicOrigin) ? '; Secure' : ''
  reply.header(
    'set-cookie',
    `${cookieName(publicOrigin)}=${value.toString('base64url')}; Path=${ticket.path}; Max-Age=${TICKET_LIFE_SECONDS}; HttpOnly; SameSite=Lax${secure}`
  )
}

/** Undefined when there is none, or none of ours. */
export const readTicketCookie = (request: FastifyRequest, publicOrigin: string): TicketCookie | undefined => {
  const value = readCookie(request.headers.cookie, cookieName(publicOrigin))
  if (value === undefined || !VALUE.test(value)) return undefined
  const bytes = Buffer.from(value, 'base64url')
  if (bytes.length !== LENGTH) return undefined
  const hex = bytes.toString('hex', 0, USER_LENGTH)
  const userId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { userId, secret: bytes.subarray(USER_LENGTH) }
}

export const isSecretOf = (hash: Uint8Array | undefined, secret: Uint8Array): boolean =>
  hash !== undefined && timingSafeEqual(hash, createHash('sha256').update(secret).digest())
