import { setImmediate } from 'node:timers/promises'
import type { SeededRandom } from './random.ts'

/** Decides whose turn it is: everything that takes time in the simulation waits here. */
export class Scheduler {
  readonly #random: SeededRandom
  readonly #waiting: (() => void)[] = []
  readonly trace: string[] = []
  steps = 0

  constructor(random: SeededRandom) {
    this.#random = random
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  /** Runs until all tasks have ended. */
  async run(tasks: readonly Promise<unknown>[]): Promise<void> {
    let running = true
    const ended = Promise.all(tasks).finally(() => {
      running = false
    })
    ended.catch(() => undefined)
    while (running) {
      await setImmediate()
      const [next] = this.#waiting.splice(this.#random.below(Math.max(1, this.#waiting.length)), 1)
      this.steps += 1
      next?.()
    }
    await ended
  }
}
