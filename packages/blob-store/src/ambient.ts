import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, Random } from '@cairn/runtime'

export type BlobClock = Pick<Clock, 'now' | 'sleep'>
export type BlobRandom = Pick<Random, 'bytes' | 'unit'>

/** What a driver uses when it is opened without a clock or randomness. */
export const ambientClock: BlobClock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      throw signal?.aborted === true ? signal.reason : error
    })
  }
}

export const ambientRandom: BlobRandom = {
  bytes: (length) => randomBytes(length),
  unit: () => Math.random()
}
