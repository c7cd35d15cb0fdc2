export type { MetadataConfig } from './config.ts'
export { metadataModule } from './module.ts'
