import type { AuthService, MetadataService, StorageData, StorageService } from '@cairn/contracts'
import type { Database } from '@cairn/database'
import type { IdentityVerifier } from '@cairn/identity'
import type { Clock, KeyedMutex, Logger, Random } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import type { ArchiveConfig } from './config.ts'
import type { ArchiveTables } from './db/tables.ts'
import type { StreamGate } from './stream/stream-gate.ts'

/** What every part of archive receives. */
export interface ArchiveContext {
  readonly config: ArchiveConfig
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly identity: IdentityVerifier
  readonly publicOrigin: string
  readonly database: Database<ArchiveTables>
  readonly auth: () => Client<typeof AuthService>
  readonly metadata: () => Client<typeof MetadataService>
  readonly storage: () => Client<typeof StorageService>
  readonly storageData: StorageData
  /** By user: tickets are made one at a time. */
  readonly making: KeyedMutex
  readonly streams: StreamGate
}
