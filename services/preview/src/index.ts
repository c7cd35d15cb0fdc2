export type { PreviewConfig } from './config.ts'
export { previewModule } from './module.ts'
