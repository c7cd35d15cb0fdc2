/** Work that several callers want at the same time is done once. */
export interface SharedRuns<T> {
  /** `work` is told to stop when every caller has given up. */
  join(name: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
}

interface Run<T> {
  readonly result: Promise<T>
  readonly stop: AbortController
  waiting: number
}

export const createSharedRuns = <T>(): SharedRuns<T> => {
  const runs = new Map<string, Run<T>>()
  const begin = (name: string, work: (signal: AbortSignal) => Promise<T>): Run<T> => {
    const stop = new AbortController()
    const result = work(stop.signal).finally(() => {
      if (runs.get(name) === run) runs.delete(name)
    })
    result.catch(() => undefined)
    const run: Run<T> = { result, stop, waiting: 0 }
    runs.set(name, run)
    return run
  }
  return {
    join: async (name, work, signal) => {
      signal.throwIfAborted()
      const run = runs.get(name) ?? begin(name, work)
      run.waiting += 1
      const { promise: left, reject } = Promise.withResolvers<never>()
      const leave = (): void => reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([run.result, left])
      } finally {
        signal.removeEventListener('abort', leave)
        run.waiting -= 1
        if (run.waiting === 0) {
          // Nobody may join what is being given up.
          if (runs.get(name) === run) runs.delete(name)
          run.stop.abort(signal.reason)
        }
      }
    }
  }
}
