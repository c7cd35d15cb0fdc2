export { CairnError, ERROR_CODES, type ErrorCode, isErrorCode } from './errors.ts'
export type { EventPayloads, EventType, NotificationPayloads } from './events.ts'
export * as authV1 from './gen/cairn/auth/v1/auth_pb.ts'
export { AuthService } from './gen/cairn/auth/v1/auth_pb.ts'
export * as metadataV1 from './gen/cairn/metadata/v1/metadata_pb.ts'
export { MetadataService } from './gen/cairn/metadata/v1/metadata_pb.ts'
export * as storageV1 from './gen/cairn/storage/v1/storage_pb.ts'
export { StorageService } from './gen/cairn/storage/v1/storage_pb.ts'
export type {
  AppendResult,
  AppendTarget,
  ChunkFrame,
  PutTarget,
  ReadSource,
  SmallContent,
  StorageData,
  StoredContent,
  UploadTarget
} from './storage-data.ts'
