import type { BlobStore } from '@cairn/blob-store'
import type { MetadataService, StorageData, StorageService } from '@cairn/contracts'
import type { Database } from '@cairn/database'
import type { IdentityVerifier } from '@cairn/identity'
import type { Clock, Logger, Random } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import type { PreviewConfig } from './config.ts'
import type { PreviewTables } from './db/tables.ts'
import type { Renderer } from './render/renderer.ts'

/** What every part of preview receives. */
export interface PreviewContext {
  readonly config: PreviewConfig
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly identity: IdentityVerifier
  readonly database: Database<PreviewTables>
  readonly blobs: BlobStore
  readonly metadata: () => Client<typeof MetadataService>
  readonly storage: () => Client<typeof StorageService>
  readonly storageData: StorageData
  /** Undefined when this server makes no previews. */
  readonly renderer: Renderer | undefined
}
