import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'

/** Every vault, a page at a time. */
export async function* vaultIds(context: StorageContext): AsyncGenerator<string> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<{ vault_id: string }>`
      select vault_id from storage.vault where vault_id > ${after} order by vault_id limit 100`.execute(
      context.database.query
    )
    for (const row of rows) yield row.vault_id
    const last = rows.at(-1)
    if (!last) return
    after = last.vault_id
  }
}
