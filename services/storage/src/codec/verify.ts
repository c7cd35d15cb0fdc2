import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IdHasher } from '@cairn/chunking'

/** Whether plain bytes are the chunk this id names. */
export const matchesId = (
  plain: Uint8Array,
  chunkId: Uint8Array,
  keys: { readonly hasher: IdHasher; readonly idKey: Uint8Array }
): boolean => timingSafeEqual(createHmac('sha256', keys.idKey).update(keys.hasher.hash(plain)).digest(), chunkId)
