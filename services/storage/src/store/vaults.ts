import { CairnError } from '@cairn/contracts'
import { sql, type Transaction } from 'kysely'
import type { StorageTables } from '../db/tables.ts'

export type Tx = Transaction<StorageTables>

/**
 * Held by every transaction that makes a chunk referenced. The epoch read here is what it touches with;
 * GC's bump waits for all holders.
 */
export const shareVault = async (tx: Tx, vaultId: string): Promise<number> => {
  const row = await sql<{ gc_epoch: number }>`
    select gc_epoch from storage.vault where vault_id = ${vaultId} for key share`.execute(tx)
  const vault = row.rows[0]
  if (!vault) throw new CairnError('not_found', 'There is no such vault.')
  return vault.gc_epoch
}

/** GC only. A plain UPDATE would not wait for KEY SHARE holders, hence the explicit lock. */
export const lockVault = async (tx: Tx, vaultId: string): Promise<number> => {
  const row = await sql<{ gc_epoch: number }>`
    select gc_epoch from storage.vault where vault_id = ${vaultId} for update`.execute(tx)
  const vault = row.rows[0]
  if (!vault) throw new CairnError('not_found', 'There is no such vault.')
  return vault.gc_epoch
}
