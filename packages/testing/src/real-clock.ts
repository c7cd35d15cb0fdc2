import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@cairn/runtime'

/** The machine's time, for tests that talk to real servers. */
export const createRealClock = (): Clock => ({
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error
    })
  }
})
