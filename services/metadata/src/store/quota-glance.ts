import type { Clock } from '@cairn/runtime'
import { LRUCache } from 'lru-cache'
import type { MetadataDatabase } from './database.ts'
import { type Quota, readQuota } from './quota.ts'

/** Room left in a vault, for the check before bytes are received; the commit's guarded update is what counts. */
export interface QuotaGlance {
  /** Bytes left, -1 = unlimited. At most a second old, and fresh whenever `size` might not fit. */
  left(vaultId: string, size: number): Promise<number>
}

const FRESH_MS = 1000
/** An old answer is good enough while it leaves this many times what is asked for. */
const AMPLE = 16

export const createQuotaGlance = (options: {
  readonly database: MetadataDatabase
  readonly clock: Clock
  readonly defaultLimit: number
}): QuotaGlance => {
  const seen = new LRUCache<string, { readonly left: number; readonly until: number }>({ max: 10_000 })
  return {
    left: async (vaultId, size) => {
      const known = seen.get(vaultId)
      const ample = known !== undefined && (known.left < 0 || known.left > size * AMPLE)
      if (ample && known.until > options.clock.now()) return known.left
      const left = bytesLeft(await readQuota(options.database.query, vaultId, options.defaultLimit))
      seen.set(vaultId, { left, until: options.clock.now() + FRESH_MS })
      return left
    }
  }
}

const bytesLeft = ({ used, limit }: Quota): number => (limit === 0 ? -1 : Math.max(0, limit - used))
