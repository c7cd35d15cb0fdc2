import type { ServiceModule } from '@cairn/service'
import { type PreviewConfig, readPreviewConfig } from './config.ts'
import { createPreviewService } from './service.ts'

export const previewModule: ServiceModule<PreviewConfig> = {
  name: 'preview',
  dependencies: ['metadata', 'storage'],
  config: readPreviewConfig,
  create: createPreviewService
}
