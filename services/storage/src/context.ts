import type { BlobStore } from '@cairn/blob-store'
import type { IdHasher } from '@cairn/chunking'
import type { Database } from '@cairn/database'
import type { Clock, Logger, Random } from '@cairn/runtime'
import type { Codec } from './codec/codec.ts'
import type { StorageConfig } from './config.ts'
import type { StorageTables } from './db/tables.ts'
import type { ArenaPool } from './ingest/slot-arena.ts'
import type { Vaults } from './vaults.ts'

/** What every part of storage receives. */
export interface StorageContext {
  readonly config: StorageConfig
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly database: Database<StorageTables>
  readonly blobs: BlobStore
  readonly vaults: Vaults
  readonly hasher: IdHasher
  readonly codec: Codec
  readonly uploadArenas: ArenaPool
  readonly readArenas: ArenaPool
  /** Pack ids whose intent rows are committed. */
  readonly intents: { take(vaultId: string): Promise<string> }
}
