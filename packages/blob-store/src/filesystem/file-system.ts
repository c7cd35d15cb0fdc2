import fs from 'node:fs'
import { lstat, opendir, realpath, statfs } from 'node:fs/promises'

/**
 * The system calls the driver makes, one function each. Tests put a faulty or simulated disk here.
 * Every function rejects with a Node system error (`code` set).
 */
export interface FileSystem {
  open(path: string, flags: number, mode?: number): Promise<number>
  close(descriptor: number): Promise<void>
  /** One gathered write; resolves with the bytes written, possibly fewer than given. Parts may view shared memory. */
  writev(descriptor: number, parts: readonly Uint8Array[], position: number): Promise<number>
  /** One positional read; resolves with the bytes read, 0 at the end of the file. */
  read(descriptor: number, into: Uint8Array, position: number): Promise<number>
  fdatasync(descriptor: number): Promise<void>
  fsync(descriptor: number): Promise<void>
  /** Fails with EEXIST when `path` is taken. */
  link(existing: string, path: string): Promise<void>
  unlink(path: string): Promise<void>
  mkdir(path: string, mode: number): Promise<void>
  /** Does not follow a link at the end of the path. */
  lstat(path: string): Promise<FileStatus>
  realpath(path: string): Promise<string>
  list(path: string): AsyncIterable<FolderEntry>
  /** Bytes an unprivileged writer may still use. */
  freeBytes(path: string): Promise<number>
}

export interface FileStatus {
  readonly kind: FileKind
  readonly size: number
  readonly modifiedAt: number
}

export interface FolderEntry {
  readonly name: string
  readonly kind: FileKind
}

export type FileKind = 'file' | 'folder' | 'other'

/** Callbacks and plain descriptors: about half the overhead of FileHandle, and nothing for the garbage collector to close. */
export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => call((done) => fs.open(path, flags, mode, done)),
  close: (descriptor) => run((done) => fs.close(descriptor, done)),
  writev: (descriptor, parts, position) =>
    // writev only reads the array; its declared type does not say so.
    call((done) => fs.writev(descriptor, parts as Uint8Array[], position, done)),
  read: (descriptor, into, position) => call((done) => fs.read(descriptor, into, 0, into.byteLength, position, done)),
  fdatasync: (descriptor) => run((done) => fs.fdatasync(descriptor, done)),
  fsync: (descriptor) => run((done) => fs.fsync(descriptor, done)),
  link: (existing, path) => run((done) => fs.link(existing, path, done)),
  unlink: (path) => run((done) => fs.unlink(path, done)),
  mkdir: (path, mode) => run((done) => fs.mkdir(path, mode, (error) => done(error))),
  lstat: async (path) => {
    const status = await lstat(path)
    return { kind: kindOf(status), size: status.size, modifiedAt: status.mtimeMs }
  },
  realpath: (path) => realpath(path),
  list: listFolder,
  freeBytes: async (path) => {
    const status = await statfs(path)
    return status.bavail * status.bsize
  }
}

async function* listFolder(path: string): AsyncGenerator<FolderEntry> {
  for await (const entry of await opendir(path, { bufferSize: 256 })) {
    yield { name: entry.name, kind: kindOf(entry) }
  }
}

const kindOf = (entry: Pick<fs.Stats, 'isFile' | 'isDirectory'>): FileKind => {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

type Done<T> = (error: NodeJS.ErrnoException | null, value: T) => void

const call = <T>(start: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))))

const run = (start: (done: (error: NodeJS.ErrnoException | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
