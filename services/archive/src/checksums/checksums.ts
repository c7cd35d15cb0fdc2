import type { ArchiveContext } from '../context.ts'
import { readChecksums, writeChecksums } from '../store/checksums.ts'
import { openCrc, type PrefixCrc, sealCrc } from './seal-crc.ts'

/** What is known of the CRCs of a vault's contents. Notes are written in batches; losing them costs reading again. */
export interface Checksums {
  known(versionIds: readonly string[]): Promise<ReadonlyMap<string, PrefixCrc>>
  note(versionId: string, prefix: PrefixCrc): Promise<void>
  /** Writes what was noted. */
  flush(): Promise<void>
}

const BATCH = 500

export const createChecksums = async (context: ArchiveContext, vaultId: string): Promise<Checksums> => {
  const { key } = await context.storage().deriveVaultKey({ vaultId, purpose: 'checksum:1' })
  const db = context.database.query
  const noted = new Map<string, PrefixCrc>()
  const flush = async (): Promise<void> => {
    const batch = [...noted]
    noted.clear()
    await writeChecksums(
      db,
      vaultId,
      batch.map(([versionId, prefix]) => ({
        versionId,
        length: prefix.length,
        sealed: sealCrc(key, context.random.bytes(NONCE_BYTES), { place: { vaultId, versionId }, prefix })
      }))
    )
  }
  return {
    known: async (versionIds) => {
      const found = new Map<string, PrefixCrc>()
      for (const row of await readChecksums(db, vaultId, versionIds)) {
        const place = { vaultId, versionId: row.versionId }
        const prefix = openCrc(key, row.sealed, { place, length: row.length })
        if (prefix !== undefined) found.set(row.versionId, prefix)
      }
      for (const [versionId, prefix] of noted) found.set(versionId, prefix)
      return found
    },
    note: async (versionId, prefix) => {
      noted.set(versionId, prefix)
      if (noted.size >= BATCH) await flush()
    },
    flush
  }
}

const NONCE_BYTES = 12
