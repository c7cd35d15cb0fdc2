import type { ServiceModule } from '@cairn/service'
import { readUploadConfig, type UploadConfig } from './config.ts'
import { createUploadService } from './service.ts'

export const uploadModule: ServiceModule<UploadConfig> = {
  name: 'upload',
  dependencies: ['metadata', 'storage'],
  config: readUploadConfig,
  create: createUploadService
}
