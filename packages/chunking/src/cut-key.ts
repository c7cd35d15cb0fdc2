import { FILTER_BITS, FILTER_SHIFT, FILTER_WORDS } from './profile.ts'
import { type SipKey, sipHash24 } from './siphash.ts'

export const KEY_BYTES = 32

/** What the 32-byte chunking key of a vault becomes: two independent secrets. */
export interface CutKey {
  readonly filter: CutFilter
  readonly prf: SipKey
}

/** x passes when the top FILTER_BITS of (multiplier * x + addend) mod 2^32 are zero. */
export interface CutFilter {
  /** Odd. */
  readonly multiplier: number
  readonly addend: number
}

/**
 * Key bytes 0-15 are the SipHash key that decides; bytes 16-31 seed the filter, which whoever sees
 * a few known chunks can solve for, so it must say nothing about the rest.
 */
export function deriveCutKey(key: Uint8Array): CutKey {
  if (key.length !== KEY_BYTES) throw new RangeError(`chunking key: expected ${KEY_BYTES} bytes`)
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  const word = (at: number) => view.getBigUint64(at, true)
  return { filter: drawFilter({ k0: word(16), k1: word(24) }), prf: { k0: word(0), k1: word(8) } }
}

/**
 * Runs of one byte value must never pass the filter: they would be scanned at PRF speed and, with
 * bad luck, cut at every position. About one draw in four lets some value pass and is discarded.
 */
function drawFilter(seed: SipKey): CutFilter {
  for (let attempt = 0; ; attempt++) {
    const value = sipHash24(seed, littleEndian64(attempt))
    const multiplier = Number((value & 0xffff_ffffn) | 1n)
    const filter = { multiplier, addend: Number(value >> 32n) }
    if (!constantRuns.some((folded) => passesFilter(filter, folded))) return filter
  }
}

export const passesFilter = (filter: CutFilter, folded: number): boolean =>
  (Math.imul(filter.multiplier, folded) + filter.addend) >>> (32 - FILTER_BITS) === 0

/** One more word, 16 bytes further on, into the folded window. Words folded FILTER_WORDS ago have left it. */
export const foldWord = (folded: number, word: number): number => ((folded << FILTER_SHIFT) + word) >>> 0

/** Folded windows of runs of each byte value. */
const constantRuns: readonly number[] = Array.from({ length: 256 }, (_, byte) =>
  Array.from({ length: FILTER_WORDS }, () => byte * 0x0101_0101).reduce(foldWord, 0)
)

function littleEndian64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}
