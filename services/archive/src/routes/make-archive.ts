import { DriveParam, type HttpApp, problemResponses, requireScope, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import type { ArchiveContext } from '../context.ts'
import { makeTicket } from '../domain/make-ticket.ts'
import { setTicketCookie } from './ticket-cookie.ts'

const SECRET_BYTES = 32
const Count = Type.Integer({ minimum: 0 })
const Made = Type.Object(
  {
    id: Uuid,
    url: Type.String({ description: 'Where it is, from this origin' }),
    name: Type.String({ description: 'File name, ends in .zip' }),
    files: Count,
    folders: Count,
    contentBytes: Type.Integer({ minimum: 0, description: 'Bytes of all files' }),
    size: Type.Integer({ minimum: 0, description: 'Bytes of the archive, exactly' }),
    expiresAt: Type.String({ format: 'date-time' })
  },
  { title: 'Archive' }
)

/** POST /v1/drives/:drive/archives */
export const makeArchive = (app: HttpApp, context: ArchiveContext): void => {
  app.post(
    '/v1/drives/:drive/archives',
    {
      onRequest: requireScope(context.identity, 'files:read'),
      schema: {
        tags: ['content'],
        summary: 'Prepare a ZIP of files and folders, or of the whole drive',
        params: Type.Object({ drive: DriveParam }),
        body: Type.Object(
          {
            nodeIds: Type.Optional(
              Type.Array(Uuid, { minItems: 1, maxItems: 1000, description: 'Default: everything in the drive' })
            ),
            name: Type.Optional(
              Type.String({ minLength: 1, maxLength: 255, description: 'Name of the file to be saved' })
            )
          },
          { additionalProperties: false }
        ),
        response: { 201: Made, ...problemResponses('not_found', 'payload_too_large', 'rate_limited') }
      }
    },
    async (request, reply) => {
      const { nodeIds = [], name } = request.body
      // Whoever authenticates each request needs no cookie; an app password has no session that could end it.
      const byCookie = request.headers.authorization === undefined && request.identity.credential === 'session'
      const secret = byCookie ? context.random.bytes(SECRET_BYTES) : undefined
      const { drive } = request.params
      const made = await makeTicket(context, request.identity, { drive, nodeIds, name, secret })
      const url = `/v1/archives/${made.ticketId}`
      if (secret !== undefined) {
        setTicketCookie(reply, context.publicOrigin, { userId: request.identity.userId, secret, path: url })
      }
      const { ticketId: id, expiresAt, ...rest } = made
      return reply.code(201).send({ id, url, ...rest, expiresAt: expiresAt.toISOString() })
    }
  )
}
