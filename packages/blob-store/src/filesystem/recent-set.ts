/** A set that forgets what was not seen for longest. */
export class RecentSet {
  readonly #capacity: number
  readonly #items = new Set<string>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  has(item: string): boolean {
    if (!this.#items.delete(item)) return false
    this.#items.add(item)
    return true
  }

  add(item: string): void {
    this.#items.delete(item)
    this.#items.add(item)
    if (this.#items.size <= this.#capacity) return
    const [oldest] = this.#items
    if (oldest !== undefined) this.#items.delete(oldest)
  }

  delete(item: string): void {
    this.#items.delete(item)
  }
}
