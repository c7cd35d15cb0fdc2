import { type Kysely, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import { type ChunkEntry, decodeEntries, encodeEntries } from '../format/chunk-list.ts'
import type { Tx } from './vaults.ts'

/** Chunks an upload holds. Sequential pins, in order, are the upload's stream. */
export interface Pin {
  readonly uploadId: string
  readonly pinNo: number
  readonly sequential: boolean
  readonly entries: readonly ChunkEntry[]
  /** Wire ids of `entries`, sealed; sequential pins only. */
  readonly wireIds: Uint8Array | null
}

export const insertPin = async (tx: Tx, vaultId: string, pin: Pin): Promise<void> => {
  await sql`
    insert into storage.upload_pin (vault_id, upload_id, pin_no, sequential, entries, wire_ids)
    values (${vaultId}, ${pin.uploadId}, ${pin.pinNo}, ${pin.sequential}, ${encodeEntries(pin.entries)}, ${pin.wireIds})`.execute(
    tx
  )
}

export const readPins = async (db: Kysely<StorageTables>, vaultId: string, uploadId: string): Promise<Pin[]> => {
  const { rows } = await sql<{ pin_no: number; sequential: boolean; entries: Uint8Array; wire_ids: Uint8Array | null }>`
    select pin_no, sequential, entries, wire_ids from storage.upload_pin
    where vault_id = ${vaultId} and upload_id = ${uploadId} order by pin_no`.execute(db)
  return rows.map((row) => ({
    uploadId,
    pinNo: row.pin_no,
    sequential: row.sequential,
    entries: decodeEntries(row.entries),
    wireIds: row.wire_ids
  }))
}
