import { type Static, Type } from 'typebox'

/** Lower-case UUID of any version. */
export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  minLength: 36,
  maxLength: 36,
  examples: ['0193a5d2-7c1f-7b3e-9a4d-2f6e8c0b1a35']
})

/** `:drive` in URLs. */
export const DriveParam = Type.Union([Type.Literal('personal'), Uuid], {
  description: 'A drive id, or "personal" for the caller\'s own drive'
})

/** RFC 9457 problem document, application/problem+json. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:cairn:error:<code>' }),
    title: Type.String({ description: 'Constant summary of the code' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was wrong with this request' }),
    code: Type.String({ description: 'Stable machine-readable code' }),
    requestId: Type.String({ description: 'Quote it when asking for help' })
  },
  { additionalProperties: true, title: 'Problem' }
)
export type Problem = Static<typeof Problem>

/** Opaque position in a listing; as returned, never made up. */
export const Cursor = Type.String({ minLength: 1, maxLength: 1024, pattern: '^[A-Za-z0-9_.~=-]+$' })

/** Query of a listing. Clients may ask for any page size within the limit. */
export const PageQuery = Type.Object(
  {
    cursor: Type.Optional(Cursor),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 }))
  },
  { additionalProperties: false }
)

/** Milliseconds since the epoch. */
export const Timestamp = Type.Integer({ description: 'Milliseconds since the epoch' })
