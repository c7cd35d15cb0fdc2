/** Runs work of one key strictly one after the other; different keys do not wait for each other. */
export interface KeyedMutex {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Keys with work waiting or running. */
  readonly size: number
}

export const createKeyedMutex = (): KeyedMutex => {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run: async (key, work) => {
      const previous = tails.get(key)
      const mine = previous === undefined ? work() : previous.then(work, work)
      // The tail must never reject on its own: whoever waits behind only cares that it ended.
      const tail = mine.catch(() => undefined)
      tails.set(key, tail)
      try {
        return await mine
      } finally {
        if (tails.get(key) === tail) tails.delete(key)
      }
    },
    get size() {
      return tails.size
    }
  }
}
