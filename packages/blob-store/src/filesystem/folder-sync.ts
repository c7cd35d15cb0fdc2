import { constants } from 'node:fs'
import type { FileSystem } from './file-system.ts'

interface Slot {
  running: Promise<void>
  next: Promise<void> | undefined
}

/**
 * fsync of folders, shared: callers that arrive while one is running wait together for the next. A
 * caller never joins one that has already started, since that may have missed its change.
 */
export class FolderSync {
  readonly #fs: FileSystem
  readonly #enabled: boolean
  readonly #slots = new Map<string, Slot>()

  /** @param enabled false where folders cannot be opened (Windows); their entries are journalled there. */
  constructor(fs: FileSystem, enabled: boolean) {
    this.#fs = fs
    this.#enabled = enabled
  }

  sync(folder: string): Promise<void> {
    if (!this.#enabled) return Promise.resolve()
    const slot = this.#slots.get(folder)
    if (slot === undefined) return this.#start(folder)
    slot.next ??= slot.running.then(
      () => this.#start(folder),
      () => this.#start(folder)
    )
    return slot.next
  }

  #start(folder: string): Promise<void> {
    const slot: Slot = { running: this.#fsync(folder), next: undefined }
    this.#slots.set(folder, slot)
    const end = () => {
      if (slot.next === undefined && this.#slots.get(folder) === slot) this.#slots.delete(folder)
    }
    slot.running.then(end, end)
    return slot.running
  }

  async #fsync(folder: string): Promise<void> {
    const descriptor = await this.#fs.open(folder, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0))
    try {
      await this.#fs.fsync(descriptor)
    } finally {
      await this.#fs.close(descriptor)
    }
  }
}
