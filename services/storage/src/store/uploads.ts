import { CairnError } from '@cairn/contracts'
import { type Kysely, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import type { Tx } from './vaults.ts'

export interface UploadRow {
  readonly durableOffset: number
  readonly pinCount: number
  readonly leaseUntil: Date
  readonly tail: Uint8Array | null
}

interface RawUpload {
  state: string
  durable_offset: number
  pin_count: number
  lease_until: Date
  tail: Uint8Array | null
  alive: boolean
}

const parse = (row: RawUpload | undefined): UploadRow => {
  if (row?.state !== 'open' || !row.alive) {
    throw new CairnError('upload_expired', 'This upload is not open any more; start it again.')
  }
  return { durableOffset: row.durable_offset, pinCount: row.pin_count, leaseUntil: row.lease_until, tail: row.tail }
}

const columns = sql`state, durable_offset, pin_count, lease_until, tail, lease_until > now() as alive`

export const openUpload = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  upload: { uploadId: string; leaseSeconds: number }
): Promise<UploadRow> => {
  const { rows } = await sql<RawUpload>`
    insert into storage.upload (vault_id, upload_id, lease_seconds, lease_until)
    values (${vaultId}, ${upload.uploadId}, ${upload.leaseSeconds}, now() + make_interval(secs => ${upload.leaseSeconds}))
    on conflict (vault_id, upload_id) do update
      set lease_until = case when upload.state = 'open' and upload.lease_until > now()
        then excluded.lease_until else upload.lease_until end
    returning ${columns}`.execute(db)
  return parse(rows[0])
}

export const getUpload = async (db: Kysely<StorageTables>, vaultId: string, uploadId: string): Promise<UploadRow> => {
  const { rows } = await sql<RawUpload>`
    select ${columns} from storage.upload where vault_id = ${vaultId} and upload_id = ${uploadId}`.execute(db)
  return parse(rows[0])
}

/** Locks the upload row: pins and offset change together, one transaction at a time. */
export const lockUpload = async (tx: Tx, vaultId: string, uploadId: string): Promise<UploadRow> => {
  const { rows } = await sql<RawUpload>`
    select ${columns} from storage.upload
    where vault_id = ${vaultId} and upload_id = ${uploadId} for update`.execute(tx)
  return parse(rows[0])
}

export interface UploadProgress {
  readonly uploadId: string
  readonly durableOffset: number
  readonly pinCount: number
  readonly tail: Uint8Array | null
}

/** Also renews the lease. */
export const advanceUpload = async (tx: Tx, vaultId: string, progress: UploadProgress): Promise<void> => {
  await sql`
    update storage.upload set durable_offset = ${progress.durableOffset}, pin_count = ${progress.pinCount},
      tail = ${progress.tail}, lease_until = greatest(lease_until, now() + make_interval(secs => lease_seconds))
    where vault_id = ${vaultId} and upload_id = ${progress.uploadId}`.execute(tx)
}

/** Drops pins and tail; the row stays as a tombstone until its lease has passed. */
export const closeUpload = async (
  tx: Tx,
  vaultId: string,
  close: { uploadId: string; state: 'sealed' | 'expired' }
): Promise<void> => {
  await sql`delete from storage.upload_pin where vault_id = ${vaultId} and upload_id = ${close.uploadId}`.execute(tx)
  await sql`
    update storage.upload set state = ${close.state}, tail = null, pin_count = 0
    where vault_id = ${vaultId} and upload_id = ${close.uploadId} and state = 'open'`.execute(tx)
}
