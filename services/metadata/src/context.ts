import type { StorageService } from '@cairn/contracts'
import type { IdentityVerifier } from '@cairn/identity'
import type { Clock, Logger, Random } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import type { Committer } from './commit/committer.ts'
import type { MetadataConfig } from './config.ts'
import type { CursorSealer } from './cursor.ts'
import type { FindDrive } from './find-drive.ts'
import type { MetadataDatabase } from './store/database.ts'
import type { QuotaGlance } from './store/quota-glance.ts'

/** What every part of metadata receives. */
export interface MetadataContext {
  readonly config: MetadataConfig
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly database: MetadataDatabase
  readonly identity: IdentityVerifier
  readonly findDrive: FindDrive
  readonly quotas: QuotaGlance
  readonly committer: Committer
  readonly cursors: CursorSealer
  readonly storage: () => Client<typeof StorageService>
  /** Makes the purge job look now. */
  readonly kickPurge: () => void
  /** Makes the outbox relay look now. */
  readonly notifyOutbox: () => void
}
