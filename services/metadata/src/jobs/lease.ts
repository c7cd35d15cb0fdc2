import { sql } from 'kysely'
import type { MetadataDatabase } from '../store/database.ts'

/**
 * Of several processes one does the timed work. Only saves effort: every job may run twice at once, so
 * clocks that disagree do no harm.
 */
export const takeLease = async (
  database: MetadataDatabase,
  lease: { readonly name: string; readonly holder: string; readonly now: number; readonly duration: number }
): Promise<boolean> => {
  const { rows } = await sql`
    insert into metadata.job_lease as standing (name, holder, until_ms)
    values (${lease.name}, ${lease.holder}, ${lease.now + lease.duration})
    on conflict (name) do update set holder = excluded.holder, until_ms = excluded.until_ms
    where standing.until_ms < ${lease.now} or standing.holder = excluded.holder returning 1
  `.execute(database.query)
  return rows.length > 0
}
