import { dirname } from 'node:path'
import { BlobError } from '../blob-store.ts'
import { isAbsent, systemCode } from './errors.ts'
import type { FileSystem } from './file-system.ts'
import type { FolderSync } from './folder-sync.ts'
import { RecentSet } from './recent-set.ts'

const FOLDER_MODE = 0o700
const REMEMBERED_FOLDERS = 65_536

/** Folders below the root: made durable before anything is put into them, and never reached through a symbolic link. */
export class Folders {
  readonly #root: string
  readonly #fs: FileSystem
  readonly #sync: FolderSync
  readonly #durable = new RecentSet(REMEMBERED_FOLDERS)
  readonly #real = new RecentSet(REMEMBERED_FOLDERS)
  readonly #ensuring = new Map<string, Promise<void>>()

  /** @param root absolute and already resolved. */
  constructor(root: string, fs: FileSystem, sync: FolderSync) {
    this.#root = root
    this.#fs = fs
    this.#sync = sync
  }

  /** Creates the folder and its parents; once resolved, their names survive a power cut. */
  async ensure(folder: string): Promise<void> {
    if (folder === this.#root || this.#durable.has(folder)) return
    const running = this.#ensuring.get(folder)
    if (running !== undefined) return await running
    const ensuring = this.#create(folder).finally(() => this.#ensuring.delete(folder))
    this.#ensuring.set(folder, ensuring)
    await ensuring
  }

  async #create(folder: string): Promise<void> {
    const parent = dirname(folder)
    await this.ensure(parent)
    try {
      await this.#fs.mkdir(folder, FOLDER_MODE)
    } catch (error) {
      // Whoever created it may have died before its fsync, so the parent is synced in this case too.
      if (systemCode(error) !== 'EEXIST') throw error
    }
    if (!(await this.#verify(folder))) throw new BlobError('invalid_key', `${folder} is an object, not a folder`)
    await this.#sync.sync(parent)
    this.#durable.add(folder)
  }

  /** Whether there is such a folder. Throws `unavailable` when a symbolic link is on the way. */
  async exists(folder: string): Promise<boolean> {
    if (folder === this.#root || this.#real.has(folder)) return true
    try {
      return await this.#verify(folder)
    } catch (error) {
      if (isAbsent(error)) return false
      throw error
    }
  }

  /** Somebody removed it: look and create again next time. */
  forget(folder: string): void {
    for (let at = folder; at !== this.#root && at.length > this.#root.length; at = dirname(at)) {
      this.#durable.delete(at)
      this.#real.delete(at)
    }
  }

  async #verify(folder: string): Promise<boolean> {
    const real = await this.#fs.realpath(folder)
    if (real !== folder)
      throw new BlobError('unavailable', `refusing to follow a symbolic link on the way to ${folder}`)
    const { kind } = await this.#fs.lstat(folder)
    if (kind !== 'folder') return false
    this.#real.add(folder)
    return true
  }
}
