import type { Database } from '@cairn/database'
import type { Clock, Random } from '@cairn/runtime'
import { LRUCache } from 'lru-cache'
import type { StorageTables } from '../db/tables.ts'
import { insertIntents } from '../store/packs.ts'

interface Reserve {
  /** Ids are not handed out past `usableUntil`: their lease could end while the pack is written. */
  ids: { readonly packId: string; readonly usableUntil: number }[]
  refill: Promise<void> | undefined
}

export interface IntentsOptions {
  readonly database: Database<StorageTables>
  readonly random: Random
  readonly clock: Clock
  readonly leaseSeconds: number
}

const BATCH = 16
const LOW = 4

/**
 * Commits intent rows ahead of need, so that a small file does not wait for them. Those never used are
 * collected when their lease has passed.
 */
export const createIntents = (options: IntentsOptions): { take(vaultId: string): Promise<string> } => {
  const reserves = new LRUCache<string, Reserve>({ max: 1000 })

  const refill = (vaultId: string, reserve: Reserve): Promise<void> => {
    reserve.refill ??= (async () => {
      const packIds = Array.from({ length: BATCH }, () => randomPackId(options.random))
      const usableUntil = options.clock.now() + options.leaseSeconds * 500
      await insertIntents(options.database.query, vaultId, { packIds, leaseSeconds: options.leaseSeconds })
      reserve.ids.push(...packIds.map((packId) => ({ packId, usableUntil })))
    })().finally(() => {
      reserve.refill = undefined
    })
    return reserve.refill
  }

  return {
    take: async (vaultId) => {
      const reserve = reserves.get(vaultId) ?? { ids: [], refill: undefined }
      reserves.set(vaultId, reserve)
      for (;;) {
        const next = reserve.ids.shift()
        // A failed refill ahead of need is retried, and reported, by the taker that finds the reserve empty.
        if (reserve.ids.length < LOW) refill(vaultId, reserve).catch(() => undefined)
        if (next && next.usableUntil > options.clock.now()) return next.packId
        if (!next) await refill(vaultId, reserve)
      }
    }
  }
}

/** Version 4: object names must spread over prefixes and say nothing about time. */
const randomPackId = (random: Random): string => {
  const bytes = Buffer.from(random.bytes(16))
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const text = bytes.toString('hex')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}
