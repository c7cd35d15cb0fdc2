import { Cursor, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { SCOPES } from '../domain/app-passwords/scopes.ts'

const closed = { additionalProperties: false } as const

export const Time = Type.String({ description: 'ISO 8601, UTC', examples: ['2026-11-23T20:00:00.000Z'] })
export const TimeInput = Type.String({ format: 'date-time', maxLength: 40 })

/** Longer than any valid one: what is too long is told by the rules, not by the schema. */
export const UsernameInput = Type.String({ minLength: 1, maxLength: 320 })
export const PasswordInput = Type.String({ minLength: 1, maxLength: 1024 })
export const EmailInput = Type.String({ minLength: 1, maxLength: 320 })
export const DeviceInput = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: 'Shown in the list of sessions'
})
export const LabelInput = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })
export const TokenInput = Type.String({ minLength: 1, maxLength: 512 })
export const CookiesInput = Type.Boolean({ description: 'Put the tokens in cookies instead of the answer' })
export const Scope = Type.Union(SCOPES.map((scope) => Type.Literal(scope)))
export const SignupPolicySchema = Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('invite')])

export const User = Type.Object(
  {
    id: Uuid,
    username: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    admin: Type.Boolean(),
    createdAt: Time
  },
  { title: 'User' }
)

export const SignInReply = Type.Object(
  {
    accessToken: Type.Optional(Type.String({ description: 'Absent when cookies were asked for' })),
    refreshToken: Type.Optional(Type.String({ description: 'Absent when cookies were asked for' })),
    tokenType: Type.Literal('Bearer'),
    expiresIn: Type.Integer({ description: 'Seconds until the access token expires' }),
    sessionId: Uuid,
    user: User
  },
  { title: 'SignIn' }
)

export const SessionSchema = Type.Object(
  {
    id: Uuid,
    device: Type.Union([Type.String(), Type.Null()]),
    userAgent: Type.String(),
    ip: Type.String({ description: 'Address the session was started from' }),
    createdAt: Time,
    lastUsedAt: Time,
    expiresAt: Time,
    current: Type.Boolean()
  },
  { title: 'Session' }
)

const appPasswordFields = {
  id: Uuid,
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: Time,
  lastUsedAt: Type.Union([Time, Type.Null()], { description: 'In steps of ten minutes' }),
  expiresAt: Type.Union([Time, Type.Null()])
}
export const AppPasswordSchema = Type.Object(appPasswordFields, { title: 'AppPassword' })
export const CreatedAppPasswordSchema = Type.Object(
  { ...appPasswordFields, secret: Type.String({ description: 'Shown this once' }) },
  { title: 'CreatedAppPassword' }
)

export const AdminUser = Type.Object(
  {
    id: Uuid,
    username: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    admin: Type.Boolean(),
    disabled: Type.Boolean(),
    hasPassword: Type.Boolean(),
    createdAt: Time,
    lastSignInAt: Type.Union([Time, Type.Null()])
  },
  { title: 'AdminUser' }
)

export const IssuedLink = Type.Object({ token: Type.String(), url: Type.String(), expiresAt: Time })

export const InviteSchema = Type.Object(
  {
    id: Uuid,
    note: Type.String(),
    createdAt: Time,
    expiresAt: Time,
    usedAt: Type.Union([Time, Type.Null()]),
    usedBy: Type.Union([Uuid, Type.Null()])
  },
  { title: 'Invite' }
)

export const AuditEventSchema = Type.Object(
  {
    id: Uuid,
    sequence: Type.Integer(),
    at: Time,
    type: Type.String(),
    subjectId: Type.Union([Uuid, Type.Null()]),
    actorId: Type.Union([Uuid, Type.Null()]),
    result: Type.String(),
    reason: Type.String(),
    ip: Type.String(),
    userAgent: Type.String(),
    sessionHash: Type.String(),
    requestId: Type.String(),
    details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))
  },
  { title: 'AuditEvent' }
)

export const IdParams = Type.Object({ id: Uuid }, closed)
export const NextCursor = Type.Union([Cursor, Type.Null()])
/** No body. */
export const Nothing = Type.Unsafe<void>({ type: 'null', description: 'Done' })
