import { types } from 'pg'

const INT8 = 20

/**
 * Result parsing: int8 (also count(*) and bigserial) becomes a JS number and throws beyond 2^53 - 1, so
 * no value is ever rounded silently. bytea is a Buffer and timestamptz a Date, as pg does by itself.
 */
export const resultTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? parseInt8 : types.getTypeParser(oid, format)
}

export const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 value ${text} does not fit a JavaScript number`)
  return value
}
