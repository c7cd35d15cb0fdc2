/** The free slots of one arena: take one, or wait until one is given back. */
export class FreeSlots {
  #free: number[]
  #waiting: ((slot: number) => void)[] = []

  constructor(count: number) {
    this.#free = Array.from({ length: count }, (_, slot) => slot)
  }

  take(): number | Promise<number> {
    const slot = this.#free.pop()
    return slot ?? new Promise((resolve) => this.#waiting.push(resolve))
  }

  give(slot: number): void {
    const next = this.#waiting.shift()
    if (next) next(slot)
    else this.#free.push(slot)
  }
}
