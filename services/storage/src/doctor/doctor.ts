import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { vaultIds } from '../jobs/vault-ids.ts'
import { markSuspect } from '../store/chunks.ts'
import { checkPack } from './check-packs.ts'
import { checkRows } from './check-rows.ts'
import type { DoctorReport, Finding } from './finding.ts'
import { rebuildRows } from './rebuild-rows.ts'

export interface Examination {
  /** 0…3, see docs/storage.md. */
  readonly level: number
  readonly repair: boolean
  readonly vaultId: string | undefined
  /** Checks of the tree and of versions against references; metadata's share. */
  readonly checkTree: (vaultId: string) => AsyncIterable<Finding>
  /** Told after each vault and each pack. */
  readonly onProgress?: (tally: Tally) => void
}

/** How far an examination is. */
export interface Tally {
  readonly vaults: number
  readonly chunks: number
  readonly packs: number
  readonly bytesRead: number
  readonly repaired: number
  /** Findings so far. */
  readonly total: number
}

/** More would not be read by anyone; the count stays exact. */
const LISTED = 1000

export const examine = async (
  context: StorageContext,
  examination: Examination,
  signal: AbortSignal
): Promise<DoctorReport & { total: number }> => {
  const findings: Finding[] = []
  const tally = { vaults: 0, chunks: 0, packs: 0, bytesRead: 0, repaired: 0, total: 0 }
  const note = (finding: Finding): void => {
    tally.total += 1
    if (findings.length < LISTED) findings.push(finding)
  }
  for await (const vaultId of examination.vaultId ? [examination.vaultId] : vaultIds(context)) {
    signal.throwIfAborted()
    tally.vaults += 1
    tally.chunks += await countChunks(context, vaultId)
    if (examination.repair) tally.repaired += await rebuildRows(context, vaultId)
    for await (const finding of checkRows(context, vaultId)) note(finding)
    for await (const finding of examination.checkTree(vaultId)) note(finding)
    examination.onProgress?.(tally)
    if (examination.level < 1) continue
    const check = {
      vaultId,
      keys: await context.vaults.keys(vaultId),
      level: examination.level,
      onRead: (bytes: number) => {
        tally.bytesRead += bytes
      },
      onDamagedChunk: async (chunkId: Uint8Array, packId: string) => {
        if (!examination.repair) return
        await markSuspect(context.database.query, vaultId, { chunkId, packId })
        tally.repaired += 1
      }
    }
    for await (const pack of packsOf(context, vaultId)) {
      signal.throwIfAborted()
      tally.packs += 1
      for await (const finding of checkPack(context, check, pack)) note(finding)
      examination.onProgress?.(tally)
    }
  }
  return { level: examination.level, ...tally, findings }
}

const countChunks = async (context: StorageContext, vaultId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from storage.chunk where vault_id = ${vaultId}`.execute(context.database.query)
  return rows[0]?.count ?? 0
}

async function* packsOf(context: StorageContext, vaultId: string) {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<{ pack_id: string; bytes: number }>`
      select pack_id, bytes from storage.pack
      where vault_id = ${vaultId} and state = 'stored' and pack_id > ${after} order by pack_id limit 500`.execute(
      context.database.query
    )
    yield* rows
    const last = rows.at(-1)
    if (!last) return
    after = last.pack_id
  }
}
