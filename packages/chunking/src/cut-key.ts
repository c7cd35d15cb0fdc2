import { FILTER_BITS } from './profile.ts'
import { type SipKey, sipHash24 } from './siphash.ts'

export const KEY_BYTES = 32

/** What the 32-byte chunking key of a vault becomes: two independent secrets. */
export interface CutKey {
  /** Odd 32-bit multipliers of the four little-endian words of the filter window. */
  readonly multipliers: readonly [number, number, number, number]
  readonly addend: number
  readonly prf: SipKey
}

/**
 * Key bytes 0-15 are the SipHash key that decides; bytes 16-31 seed the linear filter, whose
 * words an observer of many known chunks could solve for, so they must say nothing about the rest.
 */
export function deriveCutKey(key: Uint8Array): CutKey {
  if (key.length !== KEY_BYTES) throw new RangeError(`chunking key: expected ${KEY_BYTES} bytes`)
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  const word = (at: number) => view.getBigUint64(at, true)
  const prf = { k0: word(0), k1: word(8) }
  const seed = { k0: word(16), k1: word(24) }
  for (let attempt = 0; ; attempt++) {
    const filter = deriveFilter(seed, attempt)
    if (!passesConstantRun(filter)) return { ...filter, prf }
  }
}

function deriveFilter(seed: SipKey, attempt: number): Omit<CutKey, 'prf'> {
  const message = new Uint8Array(8)
  const draw = (index: number): readonly [number, number] => {
    new DataView(message.buffer).setBigUint64(0, BigInt(attempt * 4 + index), true)
    const value = sipHash24(seed, message)
    return [Number(value & 0xffff_ffffn), Number(value >> 32n)]
  }
  const [m0, m1] = draw(0)
  const [m2, m3] = draw(1)
  const [addend] = draw(2)
  return { multipliers: [odd(m0), odd(m1), odd(m2), odd(m3)], addend }
}

const odd = (value: number): number => (value | 1) >>> 0

/**
 * Runs of one byte value must never pass the filter: they would be scanned at PRF speed and, with
 * bad luck, cut at every position. Drawn again (1 in 4 seeds) until none passes.
 */
function passesConstantRun({ multipliers, addend }: Omit<CutKey, 'prf'>): boolean {
  const sum = multipliers.reduce((total, multiplier) => (total + multiplier) | 0, 0)
  for (let value = 0; value < 256; value++) {
    const hash = (Math.imul(sum, value * 0x0101_0101) + addend) | 0
    if (hash >>> (32 - FILTER_BITS) === 0) return true
  }
  return false
}
