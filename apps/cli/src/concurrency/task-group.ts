import { createBudget } from './budget.ts'

/**
 * Runs tasks side by side, at most `width` at once. The first failure aborts the group's signal;
 * `end` then rejects with it.
 */
export interface TaskGroup {
  readonly signal: AbortSignal
  /** Waits for a free place, then starts the task and returns. */
  run(task: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Waits for all. */
  end(): Promise<void>
}

export function createTaskGroup(width: number, parent: AbortSignal): TaskGroup {
  const places = createBudget(width)
  const failed = new AbortController()
  const signal = AbortSignal.any([parent, failed.signal])
  const running = new Set<Promise<void>>()

  return {
    signal,
    run: async (task) => {
      const release = await places.take(1, signal)
      const promise = task(signal)
        .catch((error: unknown) => failed.abort(error))
        .finally(() => {
          release()
          running.delete(promise)
        })
      running.add(promise)
    },
    end: async () => {
      while (running.size > 0) await Promise.all(running)
      signal.throwIfAborted()
    }
  }
}
