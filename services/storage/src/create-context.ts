import type { BlobStore } from '@cairn/blob-store'
import { createNativeIdHasher } from '@cairn/chunking/native'
import type { Database } from '@cairn/database'
import type { Clock, Logger, Random } from '@cairn/runtime'
import type { MasterKey } from '@cairn/service'
import { createCodec } from './codec/codec.ts'
import type { StorageConfig } from './config.ts'
import type { StorageContext } from './context.ts'
import type { StorageTables } from './db/tables.ts'
import { createIntents } from './ingest/intents.ts'
import { createArenaPool } from './ingest/slot-arena.ts'
import { createVaults } from './vaults.ts'

export interface StorageParts {
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly database: Database<StorageTables>
  readonly blobs: BlobStore
  readonly masterKey: MasterKey
}

/** Chunks a stream may have in flight; with the pack writer's buffers this bounds its memory. */
const UPLOAD_SLOTS = 6
/** One more than is read ahead: the chunk being sent keeps its slot. */
const READ_SLOTS = 6
const IDLE_ARENAS = 3

export const createStorageContext = async (parts: StorageParts, config: StorageConfig): Promise<StorageContext> => {
  const codec = createCodec(config.codecThreads)
  const onForget = (arenaId: number): void => codec.forget(arenaId)
  const arenaIds = createArenaIds()
  return {
    ...parts,
    config,
    codec,
    hasher: await createNativeIdHasher(),
    vaults: createVaults(parts),
    intents: createIntents({ ...parts, leaseSeconds: config.intentLeaseSeconds }),
    uploadArenas: createArenaPool({ slots: UPLOAD_SLOTS, keep: IDLE_ARENAS, nextId: arenaIds, onForget }),
    readArenas: createArenaPool({ slots: READ_SLOTS, keep: IDLE_ARENAS, nextId: arenaIds, onForget })
  }
}

const createArenaIds = (): (() => number) => {
  let last = 0
  return () => ++last
}
