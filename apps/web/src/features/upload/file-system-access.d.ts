/** Parts of the File System Access API that TypeScript's DOM library lacks; Chromium only, always checked for. */
interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}
interface FileSystemHandle {
  requestPermission?(options: { readonly mode: 'read' }): Promise<PermissionState>
}
interface FileSystemDirectoryHandle {
  values(): AsyncIterable<FileSystemHandle>
}
