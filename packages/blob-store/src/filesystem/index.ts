export { type FileKind, type FileStatus, type FileSystem, type FolderEntry, nodeFileSystem } from './file-system.ts'
export { createFilesystemBlobStore, type FilesystemBlobStoreOptions } from './filesystem-blob-store.ts'
export type { ProcessIdentity } from './temp-area.ts'
