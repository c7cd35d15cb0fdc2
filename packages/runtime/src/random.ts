import { getRandomValues, randomBytes } from 'node:crypto'
import { type Clock, createSystemClock } from './clock.ts'

/** Randomness as core code sees it; simulation seeds it. */
export interface Random {
  /** Cryptographically strong bytes. */
  bytes(length: number): Uint8Array
  /** A random UUID whose leading bits grow with time (version 7): good index locality. */
  uuid(): string
  /** Uniform in [0, 1), for jitter. */
  unit(): number
}

/** UUIDs of one instance strictly increase, also within a millisecond and when the clock steps back. */
export const createSystemRandom = (clock: Clock = createSystemClock()): Random => {
  const nextUuid = createUuidSequence(clock)
  return {
    bytes: (length) => randomBytes(length),
    uuid: nextUuid,
    unit: () => {
      const [high = 0, low = 0] = getRandomValues(new Uint32Array(2))
      return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53
    }
  }
}

const POOL_BYTES = 4096
const RANDOM_TAIL_BYTES = 8
const MAX_COUNTER = 0xfff
/** The counter starts in its lower half, so that a busy millisecond has room to count. */
const COUNTER_SEED_MASK = 0x7ff

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** RFC 9562 version 7, method 1: rand_a is a counter reseeded every millisecond. */
const createUuidSequence = (clock: Clock): (() => string) => {
  const pool = Buffer.alloc(POOL_BYTES)
  let used = POOL_BYTES
  let time = 0
  let counter = 0

  const take = (length: number): number => {
    if (used + length > POOL_BYTES) {
      getRandomValues(pool)
      used = 0
    }
    const at = used
    used += length
    return at
  }

  const advance = (): void => {
    const now = clock.now()
    if (now > time) {
      time = now
      counter = pool.readUInt16BE(take(2)) & COUNTER_SEED_MASK
      return
    }
    counter += 1
    if (counter > MAX_COUNTER) {
      time += 1
      counter = pool.readUInt16BE(take(2)) & COUNTER_SEED_MASK
    }
  }

  return () => {
    advance()
    const timeHex = time.toString(16).padStart(12, '0')
    const counterHex = counter.toString(16).padStart(3, '0')
    const at = take(RANDOM_TAIL_BYTES)
    const hex = (index: number): string => HEX[pool[at + index] ?? 0] ?? '00'
    const variant = HEX[((pool[at] ?? 0) & 0x3f) | 0x80] ?? '80'
    return (
      `${timeHex.slice(0, 8)}-${timeHex.slice(8)}-7${counterHex}-${variant}${hex(1)}-` +
      `${hex(2)}${hex(3)}${hex(4)}${hex(5)}${hex(6)}${hex(7)}`
    )
  }
}
