import type { BlobClock } from '../ambient.ts'

export interface HandleCacheOptions {
  readonly open: (key: string) => Promise<number>
  readonly close: (descriptor: number) => Promise<void>
  readonly clock: BlobClock
  /** Handles kept open when nobody uses them. */
  readonly capacity: number
  /** After this many milliseconds a handle is replaced by a fresh one. */
  readonly maxAgeMs: number
  /** A descriptor could not be closed. */
  readonly onProblem: (message: string, cause: unknown) => void
}

interface Handle {
  readonly key: string
  readonly descriptor: Promise<number>
  readonly openedAt: number
  users: number
  retired: boolean
}

/** Open files by key, least recently used first. A descriptor is closed only when its last user is done. */
export class HandleCache {
  readonly #options: HandleCacheOptions
  readonly #handles = new Map<string, Handle>()
  readonly #closing = new Set<Promise<void>>()
  #aging: NodeJS.Timeout | undefined

  constructor(options: HandleCacheOptions) {
    this.#options = options
  }

  /** Handles in the cache now. */
  get size(): number {
    return this.#handles.size
  }

  async use<T>(key: string, work: (descriptor: number) => Promise<T>): Promise<T> {
    const handle = this.#acquire(key)
    try {
      return await work(await handle.descriptor)
    } finally {
      this.#release(handle)
    }
  }

  /** The next use opens the file anew. */
  retire(key: string): void {
    const handle = this.#handles.get(key)
    if (handle !== undefined) this.#retire(handle)
  }

  /** Retires everything and waits until what is unused is closed. */
  async close(): Promise<void> {
    clearInterval(this.#aging)
    this.#aging = undefined
    for (const handle of [...this.#handles.values()]) this.#retire(handle)
    await Promise.all(this.#closing)
  }

  #acquire(key: string): Handle {
    const known = this.#handles.get(key)
    if (known !== undefined && !this.#isOld(known)) {
      this.#handles.delete(key)
      this.#handles.set(key, known)
      known.users += 1
      return known
    }
    if (known !== undefined) this.#retire(known)
    return this.#open(key)
  }

  #open(key: string): Handle {
    const { open, clock, capacity } = this.#options
    const handle: Handle = { key, descriptor: open(key), openedAt: clock.now(), users: 1, retired: false }
    this.#handles.set(key, handle)
    // A failed open is reported to its users; it must only not stay here.
    handle.descriptor.catch(() => {
      if (this.#handles.get(key) === handle) this.#handles.delete(key)
    })
    for (const oldest of this.#handles.values()) {
      if (this.#handles.size <= capacity) break
      this.#retire(oldest)
    }
    this.#aging ??= setInterval(() => this.#retireOld(), this.#options.maxAgeMs).unref()
    return handle
  }

  #release(handle: Handle): void {
    handle.users -= 1
    if (handle.retired && handle.users === 0) this.#close(handle)
  }

  #retire(handle: Handle): void {
    if (this.#handles.get(handle.key) === handle) this.#handles.delete(handle.key)
    if (handle.retired) return
    handle.retired = true
    if (handle.users === 0) this.#close(handle)
  }

  #retireOld(): void {
    for (const handle of [...this.#handles.values()]) {
      if (this.#isOld(handle)) this.#retire(handle)
    }
    if (this.#handles.size > 0) return
    clearInterval(this.#aging)
    this.#aging = undefined
  }

  #isOld(handle: Handle): boolean {
    return Math.abs(this.#options.clock.now() - handle.openedAt) >= this.#options.maxAgeMs
  }

  #close(handle: Handle): void {
    const closing = handle.descriptor
      .then(
        (descriptor) => this.#options.close(descriptor),
        () => undefined
      )
      .catch((error: unknown) => this.#options.onProblem('closing a blob failed', error))
      .finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }
}
