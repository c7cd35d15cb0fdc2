/** Takes back changes to maps, lists and values, newest first: savepoints of a working set. */
export class UndoLog {
  readonly #steps: (() => void)[] = []

  savepoint(): number {
    return this.#steps.length
  }

  rollback(savepoint: number): void {
    while (this.#steps.length > savepoint) this.#steps.pop()?.()
  }

  set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const had = map.has(key)
    const old = map.get(key)
    map.set(key, value)
    this.#steps.push(() => {
      if (had) map.set(key, old as V)
      else map.delete(key)
    })
  }

  push<T>(list: T[], value: T): void {
    list.push(value)
    this.#steps.push(() => {
      list.pop()
    })
  }

  did(undo: () => void): void {
    this.#steps.push(undo)
  }
}
