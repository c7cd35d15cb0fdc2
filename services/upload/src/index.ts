export type { UploadConfig } from './config.ts'
export { uploadModule } from './module.ts'
export { createUploadService } from './service.ts'
