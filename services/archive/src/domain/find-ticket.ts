import { CairnError } from '@cairn/contracts'
import { requireScope } from '@cairn/http'
import type { FastifyRequest } from 'fastify'
import type { ArchiveContext } from '../context.ts'
import { isSecretOf, readTicketCookie } from '../routes/ticket-cookie.ts'
import { findTicket, type Ticket } from '../store/tickets.ts'

/**
 * The ticket, if the request may use it: by its own cookie, or by credentials of its user. A ticket of a session ends
 * with the session.
 */
export const ticketOf = async (context: ArchiveContext, request: FastifyRequest, ticketId: string): Promise<Ticket> => {
  const ticket = (await byCookie(context, request, ticketId)) ?? (await byIdentity(context, request, ticketId))
  if (ticket === undefined || !(await isAlive(context, ticket))) {
    throw new CairnError('not_found', 'There is no such archive; prepare it again.')
  }
  return ticket
}

const byCookie = async (
  context: ArchiveContext,
  request: FastifyRequest,
  ticketId: string
): Promise<Ticket | undefined> => {
  if (request.headers.authorization !== undefined) return undefined
  const cookie = readTicketCookie(request, context.publicOrigin)
  if (cookie === undefined) return undefined
  const ticket = await findTicket(context.database.query, cookie.userId, ticketId)
  return ticket !== undefined && isSecretOf(ticket.secretHash, cookie.secret) ? ticket : undefined
}

const byIdentity = async (
  context: ArchiveContext,
  request: FastifyRequest,
  ticketId: string
): Promise<Ticket | undefined> => {
  await requireScope(context.identity, 'files:read')(request)
  return findTicket(context.database.query, request.identity.userId, ticketId)
}

/** An app password that was revoked signs nobody in any more, and gets no cookie. */
const isAlive = async (context: ArchiveContext, { credential, userId, credentialId }: Ticket): Promise<boolean> => {
  if (credential !== 'session') return true
  return (await context.auth().checkSession({ userId, sessionId: credentialId })).active
}
