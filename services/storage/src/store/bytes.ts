import { sql } from 'kysely'
import { asBuffer } from '../format/uuid.ts'

/** A bytea[] parameter. */
export const byteaArray = (values: readonly Uint8Array[]) => sql`${values.map(asBuffer)}::bytea[]`
