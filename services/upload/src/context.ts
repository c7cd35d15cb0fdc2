import type { Cache } from '@cairn/cache'
import type { IdHasher } from '@cairn/chunking'
import type { MetadataService, StorageData, StorageService } from '@cairn/contracts'
import type { Database } from '@cairn/database'
import type { IdentityVerifier } from '@cairn/identity'
import type { Clock, Logger, Random } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import type { UploadConfig } from './config.ts'
import type { UploadTables } from './db/tables.ts'
import type { UploadEvents } from './events.ts'
import type { Gate } from './http/gate.ts'
import type { LockKeeper } from './lock/lock-keeper.ts'

/** What every part of upload receives. */
export interface UploadContext {
  readonly config: UploadConfig
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly cache: Cache
  readonly identity: IdentityVerifier
  readonly database: Database<UploadTables>
  readonly metadata: Client<typeof MetadataService>
  readonly storage: Client<typeof StorageService>
  readonly storageData: StorageData
  readonly locks: LockKeeper
  readonly events: UploadEvents
  readonly hasher: IdHasher
  /** Bounds how many framed bodies are held in memory at once. */
  readonly bodies: Gate
  /** Aborts when work under way has to stop: what arrived is kept. */
  readonly stopping: AbortSignal
}
