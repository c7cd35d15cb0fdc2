import type { Logger } from './logger.ts'

/**
 * From start to the end of a process: who must be told that it stops, and in which order. Signals of
 * the operating system are for the application to translate into `stop()`.
 */
export interface Lifecycle {
  /** Aborts when stopping begins. */
  readonly shutdown: AbortSignal
  /** Registers a step of the stop. Steps run one after the other, the last registered first. */
  onStop(name: string, step: () => Promise<void>): void
  /** Runs every step once, whatever fails; resolves to the failures. Repeated calls share one stop. */
  stop(reason: string): Promise<readonly unknown[]>
}

export const createLifecycle = (logger: Logger): Lifecycle => {
  const controller = new AbortController()
  const steps: { name: string; step: () => Promise<void> }[] = []
  let stopping: Promise<readonly unknown[]> | undefined

  const runSteps = async (): Promise<readonly unknown[]> => {
    const failures: unknown[] = []
    for (let next = steps.pop(); next !== undefined; next = steps.pop()) {
      try {
        await next.step()
      } catch (error) {
        logger.error({ step: next.name, err: error }, 'a step of the stop failed')
        failures.push(error)
      }
    }
    return failures
  }

  return {
    shutdown: controller.signal,
    onStop: (name, step) => {
      steps.push({ name, step })
    },
    stop: (reason) => {
      if (stopping === undefined) {
        logger.info({ reason }, 'stopping')
        controller.abort(new Error(`The server is stopping: ${reason}`))
        stopping = runSteps()
      }
      return stopping
    }
  }
}
