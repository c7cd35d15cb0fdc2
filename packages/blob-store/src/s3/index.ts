export type { S3BlobStoreOptions, S3Credentials } from './options.ts'
export { createS3BlobStore } from './s3-blob-store.ts'
