import { type Static, Type } from 'typebox'

/** Cursors by name carry a folded name, so they are longer than others. */
const LongCursor = Type.String({ minLength: 1, maxLength: 2048, pattern: '^[A-Za-z0-9_-]+$' })

export const MAX_PAGE = 1000

/** Any limit is taken; a page has at most 1000 entries. */
export const LongPageFields = {
  cursor: Type.Optional(LongCursor),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: 100 }))
}

export const LongPageQuery = Type.Object(LongPageFields, { additionalProperties: false })
export type LongPageQuery = Static<typeof LongPageQuery>

/** Cuts what was read with one entry more than asked for. */
export const cutPage = <T>(
  rows: readonly T[],
  limit: number
): { readonly rows: readonly T[]; readonly last: T | undefined } => {
  const kept = rows.slice(0, limit)
  return { rows: kept, last: rows.length > limit ? kept.at(-1) : undefined }
}
