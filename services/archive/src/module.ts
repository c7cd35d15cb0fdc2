import type { ServiceModule } from '@cairn/service'
import { type ArchiveConfig, readArchiveConfig } from './config.ts'
import { createArchiveService } from './service.ts'

export const archiveModule: ServiceModule<ArchiveConfig> = {
  name: 'archive',
  dependencies: ['auth', 'metadata', 'storage'],
  config: readArchiveConfig,
  create: createArchiveService
}
