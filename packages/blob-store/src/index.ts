export type { BlobClock, BlobRandom } from './ambient.ts'
export {
  BlobError,
  type BlobErrorCode,
  type BlobInfo,
  type BlobStore,
  type BlobWriter,
  type ReadOptions
} from './blob-store.ts'
export { type BlobsLocation, BlobsUrlError, describeBlobs, parseBlobsUrl, type S3Location } from './blobs-url.ts'
export { type BlobFault, type BlobFaultPlan, type BlobFaultPoint, withFaults } from './faults.ts'
export { assertValidKey, assertValidPrefix, isValidKey } from './key.ts'
export {
  type BlobOperation,
  type BlobOperationName,
  createBlobMetrics,
  type RecordBlobOperation,
  withMetrics
} from './metrics.ts'
