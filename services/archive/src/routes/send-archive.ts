import { type HttpApp, problemResponses, sendBytes, Uuid } from '@cairn/http'
import { create as contentDisposition } from 'content-disposition'
import { Type } from 'typebox'
import type { ArchiveContext } from '../context.ts'
import { ticketOf } from '../domain/find-ticket.ts'
import { openSource } from '../domain/open-source.ts'
import { archiveBytes } from '../stream/archive-bytes.ts'

/** GET, HEAD /v1/archives/:id */
export const sendArchive = (app: HttpApp, context: ArchiveContext): void => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/archives/:id',
    schema: {
      tags: ['content'],
      summary: 'Download a prepared archive, whole or a range',
      params: Type.Object({ id: Uuid }),
      response: problemResponses(
        'unauthenticated',
        'not_found',
        'gone',
        'precondition_failed',
        'range_not_satisfiable',
        'rate_limited',
        'unavailable'
      )
    },
    handler: async (request, reply) => {
      const ticket = await ticketOf(context, request, request.params.id)
      reply.headers({
        'last-modified': ticket.createdAt.toUTCString(),
        'cache-control': 'private, no-store',
        vary: 'Authorization, Cookie',
        'content-type': 'application/zip',
        'content-disposition': contentDisposition(ticket.name, { type: 'attachment' }),
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff'
      })
      using _stream = context.streams.enter(ticket.userId)
      const source = await openSource(context, ticket, request.signal)
      await sendBytes(request, reply, {
        etag: `"${ticket.ticketId}"`,
        size: ticket.size,
        read: (range) => archiveBytes(source, ticket, range)
      })
    }
  })
}
