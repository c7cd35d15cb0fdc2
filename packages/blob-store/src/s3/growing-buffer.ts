const FIRST_BYTES = 64 * 1024

/** Collects bytes up to a limit, doubling as it goes: a small object stays small in memory. */
export class GrowingBuffer {
  readonly #limit: number
  #memory: Uint8Array = new Uint8Array(0)
  #length = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.#length === this.#limit
  }

  /** What was collected; valid until the next change. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  /** Copies as much of the part as fits. Returns how much that was. */
  append(part: Uint8Array): number {
    const taken = Math.min(part.byteLength, this.#limit - this.#length)
    this.#reserve(this.#length + taken)
    this.#memory.set(taken === part.byteLength ? part : part.subarray(0, taken), this.#length)
    this.#length += taken
    return taken
  }

  clear(): void {
    this.#length = 0
  }

  /** Gives the memory back. */
  release(): void {
    this.#memory = new Uint8Array(0)
    this.#length = 0
  }

  #reserve(length: number): void {
    if (length <= this.#memory.byteLength) return
    const size = Math.min(this.#limit, Math.max(length, this.#memory.byteLength * 2, FIRST_BYTES))
    const memory = Buffer.allocUnsafeSlow(size)
    memory.set(this.bytes)
    this.#memory = memory
  }
}
