import { appendToOutbox } from '@cairn/database'
import { sql } from 'kysely'
import { purgedMessage } from '../events.ts'
import { type MetadataTransaction, SCHEMA } from './database.ts'
import { giveBackQuota } from './quota.ts'

export interface Release {
  readonly versionIds: readonly string[]
  readonly newId: () => string
}

/** Storage takes them in messages of this size. */
const IDS_PER_MESSAGE = 1000

/**
 * Deletes versions, gives their bytes back and tells storage. Their fate becomes `abandoned`, so that a
 * late repeat of the commit cannot bring back a version whose content is gone. Answers how many there were.
 */
export const releaseVersions = async (
  tx: MetadataTransaction,
  vaultId: string,
  { versionIds, newId }: Release
): Promise<number> => {
  if (versionIds.length === 0) return 0
  const { rows } = await sql<{ version_id: string; size: number }>`
    delete from metadata.version where vault_id = ${vaultId} and version_id = any(${[...versionIds]}::uuid[])
    returning version_id, size
  `.execute(tx)
  const gone = rows.map((row) => row.version_id)
  if (gone.length === 0) return 0
  await sql`
    update metadata.version_fate set fate = 'abandoned' where vault_id = ${vaultId} and version_id = any(${gone}::uuid[])
  `.execute(tx)
  await giveBackQuota(
    tx,
    vaultId,
    rows.reduce((sum, row) => sum + row.size, 0)
  )
  const messages = []
  for (let start = 0; start < gone.length; start += IDS_PER_MESSAGE) {
    messages.push(purgedMessage(vaultId, gone.slice(start, start + IDS_PER_MESSAGE), newId()))
  }
  await appendToOutbox(tx, SCHEMA, messages)
  return gone.length
}
