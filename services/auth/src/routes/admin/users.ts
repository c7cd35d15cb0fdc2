import { type HttpApp, PageQuery, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { changeAccount, deleteAccount } from '../../domain/admin/change-account.ts'
import { createUser } from '../../domain/admin/create-user.ts'
import { notFound } from '../../errors.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { decodeCursor, encodeCursor } from '../../http/page-cursor.ts'
import { adminUserReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import {
  AdminUser,
  EmailInput,
  IdParams,
  IssuedLink,
  NextCursor,
  Nothing,
  PasswordInput,
  UsernameInput
} from '../../http/schemas.ts'
import { findAccount, listAccounts } from '../../store/accounts.ts'

const closed = { additionalProperties: false } as const

export const getUsers = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/users',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'All users by name',
        querystring: PageQuery,
        response: {
          200: Type.Object({ items: Type.Array(AdminUser), nextCursor: NextCursor }),
          ...problemResponses('invalid_cursor', 'unauthenticated', 'forbidden', 'unavailable')
        }
      }
    },
    async (request) => {
      const { cursor, limit = 100 } = request.query
      const after = cursor === undefined ? '' : decodeCursor(cursor)
      const rows = await listAccounts(context.database.query, { after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.name_fold) : null
      return { items: items.map(adminUserReply), nextCursor }
    }
  )
}

export const getUser = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/users/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'One user',
        params: IdParams,
        response: { 200: AdminUser, ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request) => {
      const account = await findAccount(context.database.query, request.params.id)
      if (account === undefined || account.deleted_at !== null) throw notFound('user')
      return adminUserReply(account)
    }
  )
}

const CreateBody = Type.Object(
  {
    username: UsernameInput,
    email: Type.Optional(EmailInput),
    password: Type.Optional(PasswordInput),
    admin: Type.Optional(Type.Boolean())
  },
  closed
)

export const postUser = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/admin/users',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Make a user',
        description: 'Without a password the answer holds a link by which the user chooses one.',
        body: CreateBody,
        response: {
          201: Type.Object({ user: AdminUser, link: Type.Optional(IssuedLink) }),
          ...problemResponses('invalid_request', 'invalid_name', 'unauthenticated', 'forbidden', 'name_taken')
        }
      }
    },
    async (request, reply) => {
      const { admin = false, ...account } = request.body
      const { account: created, invitation } = await createUser(context, signedInOf(request), { ...account, admin })
      reply.code(201)
      const user = adminUserReply(created)
      if (invitation === undefined) return { user }
      return { user, link: { ...invitation, expiresAt: invitation.expiresAt.toISOString() } }
    }
  )
}

const ChangeBody = Type.Object(
  {
    admin: Type.Optional(Type.Boolean()),
    disabled: Type.Optional(Type.Boolean({ description: 'true ends all sessions and app passwords for good' })),
    email: Type.Optional(Type.Union([EmailInput, Type.Null()]))
  },
  { ...closed, minProperties: 1 }
)

export const patchUser = (app: HttpApp, context: AuthContext): void => {
  app.patch(
    '/v1/auth/admin/users/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Change rights, state or address of a user',
        params: IdParams,
        body: ChangeBody,
        response: {
          200: AdminUser,
          ...problemResponses('invalid_request', 'unauthenticated', 'forbidden', 'not_found', 'name_taken', 'conflict')
        }
      }
    },
    async (request) => {
      const change = { ...request.body, userId: request.params.id }
      return adminUserReply(await changeAccount(context, signedInOf(request), change))
    }
  )
}

export const deleteUser = (app: HttpApp, context: AuthContext): void => {
  app.delete(
    '/v1/auth/admin/users/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Mark a user as deleted; the name is never given to another',
        params: IdParams,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'forbidden', 'not_found', 'conflict') }
      }
    },
    async (request, reply) => {
      await deleteAccount(context, signedInOf(request), request.params.id)
      return reply.code(204).send()
    }
  )
}
