import { sql } from 'kysely'
import type { MetadataContext } from '../context.ts'

/** How long a repeat of an operation is recognised. */
const REMEMBERED_MS = 30 * 24 * 3600 * 1000
const ROWS_PER_BATCH = 5000

export const forgetResults = async (context: MetadataContext, signal: AbortSignal): Promise<void> => {
  const before = context.clock.now() - REMEMBERED_MS
  for (let more = true; more && !signal.aborted; ) {
    const { rows } = await sql`
      delete from metadata.op_result where (vault_id, drive_id, user_id, op_id) in (
        select vault_id, drive_id, user_id, op_id from metadata.op_result where at_ms < ${before} limit ${ROWS_PER_BATCH}
      ) returning 1
    `.execute(context.database.query)
    more = rows.length === ROWS_PER_BATCH
  }
}
