import { foldName, parseName } from '@cairn/names'
import { sql } from 'kysely'
import type { Queryable } from '../store/database.ts'
import type { Finding } from './finding.ts'

const PAGE = 10_000

/** The equality key is computed here, not in the database; so is its check. */
export async function* checkNames(db: Queryable, vaultId: string): AsyncGenerator<Finding> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<{ node_id: string; name: string; name_fold: string }>`
      select node_id, name, name_fold from metadata.node
      where vault_id = ${vaultId} and node_id > ${after} and parent_id is not null order by node_id limit ${PAGE}
    `.execute(db)
    for (const row of rows) {
      const parsed = parseName(row.name)
      if (!parsed.ok || parsed.name.text !== row.name) {
        yield { code: 'invalid_name', subject: row.node_id, message: 'its name would not be accepted' }
      } else if (foldName(row.name) !== row.name_fold) {
        yield { code: 'name_fold_wrong', subject: row.node_id, message: 'its name_fold does not belong to its name' }
      }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = last.node_id
  }
}
