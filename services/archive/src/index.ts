export type { ArchiveConfig } from './config.ts'
export { archiveModule } from './module.ts'
