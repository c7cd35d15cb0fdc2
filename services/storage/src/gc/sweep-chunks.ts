import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { hex } from '../format/uuid.ts'
import { byteaArray } from '../store/bytes.ts'
import { withVaultLock } from './with-vault-lock.ts'

const BATCH = 1000

interface Sweep {
  readonly vaultId: string
  readonly epoch: number
  readonly reachable: ReadonlySet<string>
}

/** Rows condemned in an earlier run, past the grace period and still unreachable, are deleted. Returns how many. */
export const reapChunks = (context: StorageContext, sweep: Sweep): Promise<number> =>
  sweepBatches(context, sweep, {
    candidates: (after) => sql<{ chunk_id: Uint8Array }>`
      select chunk_id from storage.chunk
      where vault_id = ${sweep.vaultId} and state = 'condemned' and condemned_epoch < ${sweep.epoch} and chunk_id > ${after}
        and condemned_at <= now() - make_interval(secs => ${context.config.condemnedGraceSeconds})
      order by chunk_id limit ${BATCH}`,
    apply: (ids) => sql`
      delete from storage.chunk
      where vault_id = ${sweep.vaultId} and chunk_id = any(${byteaArray(ids)})
        and state = 'condemned' and condemned_epoch < ${sweep.epoch}`
  })

/** Live rows nobody touched since before this run and nobody reaches are condemned. Returns how many. */
export const condemnChunks = (context: StorageContext, sweep: Sweep): Promise<number> =>
  sweepBatches(context, sweep, {
    candidates: (after) => sql<{ chunk_id: Uint8Array }>`
      select chunk_id from storage.chunk
      where vault_id = ${sweep.vaultId} and state in ('live', 'suspect') and touch_epoch < ${sweep.epoch} and chunk_id > ${after}
      order by chunk_id limit ${BATCH}`,
    apply: (ids) => sql`
      update storage.chunk set state = 'condemned', condemned_epoch = ${sweep.epoch}, condemned_at = now()
      where vault_id = ${sweep.vaultId} and chunk_id = any(${byteaArray(ids)})
        and state in ('live', 'suspect') and touch_epoch < ${sweep.epoch}`
  })

interface Statements {
  readonly candidates: (after: Uint8Array) => ReturnType<typeof sql<{ chunk_id: Uint8Array }>>
  readonly apply: (ids: readonly Uint8Array[]) => ReturnType<typeof sql>
}

/**
 * Looks without a lock, then locks the vault and decides in a second statement: one that waited for a
 * lock would not see what was committed meanwhile.
 */
const sweepBatches = async (context: StorageContext, sweep: Sweep, statements: Statements): Promise<number> => {
  let swept = 0
  let after: Uint8Array = Buffer.alloc(0)
  for (;;) {
    const { rows } = await statements.candidates(after).execute(context.database.query)
    const last = rows.at(-1)
    if (!last) return swept
    after = last.chunk_id
    const ids = rows.map((row) => row.chunk_id).filter((id) => !sweep.reachable.has(hex(id)))
    if (ids.length === 0) continue
    swept += await withVaultLock(context, sweep.vaultId, async (tx) => {
      const { numAffectedRows } = await statements.apply(ids).execute(tx)
      return Number(numAffectedRows ?? 0n)
    })
  }
}
