import {
  baseName,
  FolderError,
  isParkedName,
  type LocalEntry,
  type LocalTree,
  OWN_FOLDER,
  parentPath
} from '../../src/index.ts'
import type { SeededRandom } from './random.ts'

interface Inode {
  readonly number: number
  readonly kind: 'file' | 'folder'
  data: string
  mtime: bigint
  /** Not fsynced: may be empty after a crash. */
  dirty: boolean
}

type Change = { readonly folder: number; readonly name: string; readonly inode: number | undefined }

const ROOT = 1

/**
 * A file system in memory. Changes of names are atomic and ordered, but lost from some point on in a crash
 * unless flushed; data that was not fsynced may be gone.
 */
export class Disk {
  readonly #inodes = new Map<number, Inode>()
  #durable = new Map<string, number>()
  #log: Change[][] = []
  #names = new Map<string, number>()
  #last = ROOT
  #clock = 1_000_000n

  constructor() {
    this.#inodes.set(ROOT, { number: ROOT, kind: 'folder', data: '', mtime: 0n, dirty: false })
    this.makeFolders(OWN_FOLDER)
    this.flushAll()
  }

  look(path: string): LocalEntry | undefined {
    const inode = this.#find(path)
    if (inode === undefined) return undefined
    const { number, kind, data, mtime } = inode
    const parked = isParkedName(baseName(path)) ? { parked: true } : {}
    const state = kind === 'file' ? { size: data.length, mtimeNs: mtime } : { size: 0, mtimeNs: 0n }
    return { path, kind, fileId: `i${number}`, ...state, ...parked }
  }

  read(path: string): string {
    const inode = this.#find(path)
    if (inode?.kind !== 'file') throw new FolderError('missing', `${path} is no file`)
    return inode.data
  }

  write(path: string, data: string, options: { readonly durable: boolean; readonly mtime?: bigint }): void {
    let inode = this.#find(path)
    if (inode?.kind === 'folder') throw new FolderError('exists', `${path} is a folder`)
    if (inode === undefined) {
      inode = this.#newInode('file')
      this.#commit([this.#change(path, inode.number)])
    }
    inode.data = data
    this.#clock += 1000n
    inode.mtime = options.mtime ?? this.#clock
    inode.dirty = !options.durable
    if (options.durable) this.flushAll()
  }

  makeFolder(path: string): void {
    if (this.#find(path) !== undefined) throw new FolderError('exists', path)
    if (this.#find(parentPath(path))?.kind !== 'folder') throw new FolderError('missing', path)
    this.#commit([this.#change(path, this.#newInode('folder').number)])
  }

  makeFolders(path: string): void {
    if (path === '' || this.#find(path)?.kind === 'folder') return
    this.makeFolders(parentPath(path))
    this.makeFolder(path)
  }

  /** Never replaces. */
  move(from: string, to: string): void {
    if (this.#find(to) !== undefined) throw new FolderError('exists', to)
    this.rename(from, to)
  }

  /** As mv: replaces a file. */
  rename(from: string, to: string): void {
    const inode = this.#find(from)
    if (inode === undefined) throw new FolderError('missing', from)
    if (this.#find(parentPath(to))?.kind !== 'folder' || `${to}/`.startsWith(`${from}/`))
      throw new FolderError('failed', to)
    this.#commit([this.#change(from, undefined), this.#change(to, inode.number)])
  }

  remove(path: string, kind?: Inode['kind']): void {
    const inode = this.#find(path)
    if (inode === undefined) throw new FolderError('missing', path)
    if (kind !== undefined && inode.kind !== kind) throw new FolderError('failed', `${path} is a ${inode.kind}`)
    if (inode.kind === 'folder' && this.children(path).length > 0) throw new FolderError('not_empty', path)
    this.#commit([this.#change(path, undefined)])
  }

  children(path: string): string[] {
    const inode = this.#find(path)
    const prefix = `${inode?.number}/`
    return [...this.#names.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort()
  }

  /** Names in these folders are durable, and all that happened before. */
  flush(folders: readonly string[]): void {
    const numbers = new Set(folders.map((path) => this.#find(path)?.number))
    const last = this.#log.findLastIndex((changes) => changes.some(({ folder }) => numbers.has(folder)))
    for (const changes of this.#log.splice(0, last + 1)) apply(this.#durable, changes)
  }

  flushAll(): void {
    for (const changes of this.#log.splice(0)) apply(this.#durable, changes)
  }

  crash(random: SeededRandom): void {
    for (const changes of this.#log.splice(0, random.below(this.#log.length + 1))) apply(this.#durable, changes)
    this.#log = []
    this.#names = new Map(this.#durable)
    for (const inode of this.#inodes.values()) {
      if (inode.dirty && random.chance(70)) inode.data = ''
      inode.dirty = false
    }
  }

  /** Every entry below a path, folders before what is in them. */
  *walk(path = ''): Generator<LocalEntry, void, void> {
    for (const name of this.children(path)) {
      const entry = this.look(path === '' ? name : `${path}/${name}`)
      if (entry === undefined) continue
      yield entry
      if (entry.kind === 'folder') yield* this.walk(entry.path)
    }
  }

  scan(): LocalTree {
    const tree = new Map<string, LocalEntry>()
    for (const entry of this.walk()) {
      if (entry.path !== OWN_FOLDER && !entry.path.startsWith(`${OWN_FOLDER}/`)) tree.set(entry.path, entry)
    }
    return tree
  }

  #find(path: string): Inode | undefined {
    let number: number | undefined = ROOT
    for (const name of path === '' ? [] : path.split('/')) {
      number = number === undefined ? undefined : this.#names.get(`${number}/${name}`)
    }
    return number === undefined ? undefined : this.#inodes.get(number)
  }

  #newInode(kind: Inode['kind']): Inode {
    this.#last += 1
    const inode = { number: this.#last, kind, data: '', mtime: 0n, dirty: false }
    this.#inodes.set(inode.number, inode)
    return inode
  }

  #change(path: string, inode: number | undefined): Change {
    const folder = this.#find(parentPath(path))
    if (folder?.kind !== 'folder') throw new FolderError('missing', path)
    return { folder: folder.number, name: baseName(path), inode }
  }

  #commit(changes: Change[]): void {
    apply(this.#names, changes)
    this.#log.push(changes)
  }
}

const apply = (names: Map<string, number>, changes: readonly Change[]): void => {
  for (const { folder, name, inode } of changes) {
    if (inode === undefined) names.delete(`${folder}/${name}`)
    else names.set(`${folder}/${name}`, inode)
  }
}
