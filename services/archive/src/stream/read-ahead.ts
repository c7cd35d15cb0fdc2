/** The results of `work` in the order of the items; up to `ahead` are begun before they are asked for. */
export async function* readAhead<T, R>(
  items: Iterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>
): AsyncGenerator<readonly [item: T, result: R]> {
  const begun: (readonly [T, Promise<R>])[] = []
  const rest = items[Symbol.iterator]()
  try {
    for (;;) {
      while (begun.length <= ahead) {
        const next = rest.next()
        if (next.done === true) break
        const result = work(next.value)
        result.catch(() => undefined)
        begun.push([next.value, result])
      }
      const first = begun.shift()
      if (first === undefined) return
      yield [first[0], await first[1]]
    }
  } finally {
    await Promise.allSettled(begun.map(([, result]) => result))
  }
}
