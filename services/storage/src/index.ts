export type { StorageConfig } from './config.ts'
export { storageModule } from './module.ts'
