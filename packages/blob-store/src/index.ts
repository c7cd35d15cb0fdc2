export type { BlobClock, BlobRandom } from './ambient.ts'
export {
  BlobError,
  type BlobErrorCode,
  type BlobInfo,
  type BlobStore,
  type BlobWriter,
  type ReadOptions
} from './blob-store.ts'
export { assertValidKey, assertValidPrefix, isValidKey } from './key.ts'
