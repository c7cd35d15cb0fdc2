import { constants } from 'node:fs'
import { posix } from 'node:path'
import type { FileStatus, FileSystem, FolderEntry } from '../src/filesystem/index.ts'

interface File {
  kind: 'file'
  bytes: Buffer
  durable: Buffer
}

interface Folder {
  kind: 'folder'
  entries: Map<string, Inode>
  durable: Map<string, Inode>
}

type Inode = File | Folder

/** What a power cut does to a change that was never synced. */
export type UnsyncedFate = (what: 'entry' | 'data') => 'kept' | 'lost'

/**
 * A disk that keeps only what was fsynced: data of a file by its own fsync, names by the fsync of
 * their folder. `cutPower` decides the fate of everything else, change by change.
 */
export class SimulatedDisk {
  #root: Folder = newFolder()
  #descriptors = new Map<number, Inode>()
  #next = 3
  #power: object = {}

  /** A mounted view; after `cutPower` every view mounted before is dead. */
  mount(): FileSystem {
    const power = this.#power
    const guard = <T>(work: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        setImmediate(() => {
          try {
            if (this.#power !== power) throw systemError('EIO')
            resolve(work())
          } catch (error) {
            reject(error)
          }
        })
      })
    const lookUp = (path: string) => this.#lookUp(path)
    const entriesOf = async function* (path: string): AsyncGenerator<FolderEntry> {
      const folder = await guard(() => asFolder(lookUp(path)))
      for (const [name, { kind }] of [...folder.entries]) yield { name, kind }
    }
    return {
      open: (path, flags) => guard(() => this.#open(path, flags)),
      close: (descriptor) => guard(() => void this.#descriptors.delete(descriptor)),
      writev: (descriptor, parts, position) => guard(() => write(this.#file(descriptor), parts, position)),
      read: (descriptor, into, position) => guard(() => this.#file(descriptor).bytes.copy(into, 0, position)),
      fdatasync: (descriptor) => guard(() => syncInode(this.#inode(descriptor))),
      fsync: (descriptor) => guard(() => syncInode(this.#inode(descriptor))),
      link: (existing, path) => guard(() => this.#insert(path, this.#lookUp(existing))),
      unlink: (path) => guard(() => this.#unlink(path)),
      mkdir: (path) => guard(() => this.#insert(path, newFolder())),
      lstat: (path) => guard(() => statusOf(this.#lookUp(path))),
      realpath: (path) =>
        guard(() => {
          this.#lookUp(path)
          return posix.normalize(path)
        }),
      list: entriesOf,
      freeBytes: () => guard(() => 2 ** 30)
    }
  }

  cutPower(fate: UnsyncedFate): void {
    this.#power = {}
    this.#descriptors.clear()
    this.#root = asFolder(survivor(this.#root, fate, new Map()))
  }

  get openDescriptors(): number {
    return this.#descriptors.size
  }

  #lookUp(path: string): Inode {
    let at: Inode = this.#root
    for (const name of path.split('/').filter(Boolean)) {
      const next = asFolder(at).entries.get(name)
      if (next === undefined) throw systemError('ENOENT')
      at = next
    }
    return at
  }

  #open(path: string, flags: number): number {
    if ((flags & constants.O_CREAT) !== 0) this.#insert(path, { kind: 'file', bytes: EMPTY, durable: EMPTY })
    const descriptor = this.#next
    this.#next += 1
    this.#descriptors.set(descriptor, this.#lookUp(path))
    return descriptor
  }

  #insert(path: string, inode: Inode): void {
    const folder = asFolder(this.#lookUp(posix.dirname(path)))
    const name = posix.basename(path)
    if (folder.entries.has(name)) throw systemError('EEXIST')
    folder.entries.set(name, inode)
  }

  #unlink(path: string): void {
    const folder = asFolder(this.#lookUp(posix.dirname(path)))
    if (!folder.entries.delete(posix.basename(path))) throw systemError('ENOENT')
  }

  #inode(descriptor: number): Inode {
    const inode = this.#descriptors.get(descriptor)
    if (inode === undefined) throw systemError('EBADF')
    return inode
  }

  #file(descriptor: number): File {
    const inode = this.#inode(descriptor)
    if (inode.kind !== 'file') throw systemError('EISDIR')
    return inode
  }
}

const EMPTY = Buffer.alloc(0)

const newFolder = (): Folder => ({ kind: 'folder', entries: new Map(), durable: new Map() })

export const systemError = (code: string): Error => Object.assign(new Error(`${code}: simulated`), { code })

const asFolder = (inode: Inode): Folder => {
  if (inode.kind !== 'folder') throw systemError('ENOTDIR')
  return inode
}

const write = (file: File, parts: readonly Uint8Array[], position: number): number => {
  const added = Buffer.concat(parts)
  const bytes = Buffer.alloc(Math.max(file.bytes.length, position + added.length))
  file.bytes.copy(bytes)
  added.copy(bytes, position)
  file.bytes = bytes
  return added.length
}

const syncInode = (inode: Inode): void => {
  if (inode.kind === 'file') inode.durable = inode.bytes
  else inode.durable = new Map(inode.entries)
}

const statusOf = (inode: Inode): FileStatus => ({
  kind: inode.kind,
  size: inode.kind === 'file' ? inode.bytes.length : 0,
  modifiedAt: 0
})

const survivor = (inode: Inode, fate: UnsyncedFate, done: Map<Inode, Inode>): Inode => {
  const known = done.get(inode)
  if (known !== undefined) return known
  const after = inode.kind === 'file' ? survivingFile(inode, fate) : newFolder()
  done.set(inode, after)
  if (inode.kind === 'folder' && after.kind === 'folder') {
    for (const [name, child] of survivingEntries(inode, fate)) after.entries.set(name, survivor(child, fate, done))
    after.durable = new Map(after.entries)
  }
  return after
}

/** Lost data reads as zeros, or the file is as long as it was when it was synced. */
const survivingFile = (file: File, fate: UnsyncedFate): File => {
  const keptLength = fate('data') === 'kept'
  const keptBytes = fate('data') === 'kept'
  let bytes = file.durable
  if (keptLength && !bytes.equals(file.bytes)) bytes = keptBytes ? file.bytes : Buffer.alloc(file.bytes.length)
  return { kind: 'file', bytes, durable: bytes }
}

const survivingEntries = (folder: Folder, fate: UnsyncedFate): Map<string, Inode> => {
  const result = new Map(folder.durable)
  for (const [name, inode] of folder.entries) {
    if (folder.durable.get(name) !== inode && fate('entry') === 'kept') result.set(name, inode)
  }
  for (const name of folder.durable.keys()) {
    if (!folder.entries.has(name) && fate('entry') === 'kept') result.delete(name)
  }
  return result
}
