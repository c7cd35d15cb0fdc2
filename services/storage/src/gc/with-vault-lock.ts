import { DatabaseError } from '@cairn/database'
import type { StorageContext } from '../context.ts'
import { lockVault, type Tx } from '../store/vaults.ts'

const PATIENCE_MS = [200, 200, 400, 800, 1600, 3200, 6400]

/**
 * Runs `work` holding the vault exclusively. Collection steps aside for writers: it asks for a short time, lets go,
 * and asks again, more patiently each time. Gives up with DatabaseError `lock_timeout`.
 */
export const withVaultLock = async <T>(
  context: StorageContext,
  vaultId: string,
  work: (tx: Tx, epoch: number) => Promise<T>
): Promise<T> => {
  for (const [attempt, lockTimeout] of PATIENCE_MS.entries()) {
    try {
      return await context.database.transaction(async (tx) => work(tx, await lockVault(tx, vaultId)), { lockTimeout })
    } catch (error) {
      const busy = error instanceof DatabaseError && error.code === 'lock_timeout'
      if (!busy || attempt === PATIENCE_MS.length - 1) throw error
      await context.clock.sleep(lockTimeout * context.random.unit())
    }
  }
  throw new DatabaseError('lock_timeout', 'the vault was busy for too long')
}
