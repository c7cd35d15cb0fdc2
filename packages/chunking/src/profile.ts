/**
 * Parameters of content-defined chunking. Sizes are bytes of plain content. A profile is never
 * changed once released: every manifest names the profile it was cut with.
 */
export interface ChunkingProfile {
  readonly id: number
  readonly minSize: number
  /** Power of two, at least 8 KiB; cuts are rarer below it and likelier above. */
  readonly normalSize: number
  readonly maxSize: number
}

export const PROFILE_1: ChunkingProfile = Object.freeze({
  id: 1,
  minSize: 256 * 1024,
  normalSize: 1024 * 1024,
  maxSize: 4 * 1024 * 1024
})

/** Leading zero bits that the filter demands before the PRF is asked. */
export const FILTER_BITS = 10

/** The filter folds 7 words, 16 bytes apart, each 5 bits further up: 7 * 5 >= 32, so older ones fall out by themselves. */
export const FILTER_SHIFT = 5
export const FILTER_WORDS = 7
export const FILTER_STRIDE = 16
export const WORD_BYTES = 4

/** Bytes in front of a cut point that the PRF reads. */
export const PRF_WINDOW_BYTES = 64

/** Bytes in front of a cut point that decide about it. */
export const WINDOW_BYTES = FILTER_STRIDE * (FILTER_WORDS - 1) + WORD_BYTES

/** Normalisation level: a cut is 2^2 times rarer below the normal size and 2^2 times likelier above. */
const NORMALISATION = 2

/** Leading zero bits of the PRF demanded of a cut below and above the normal size. */
export interface CutBits {
  readonly belowNormal: number
  readonly aboveNormal: number
}

/** @throws RangeError when the sizes cannot work. */
export function cutBits(profile: ChunkingProfile): CutBits {
  const { minSize, normalSize, maxSize } = profile
  const bits = Math.log2(normalSize)
  const ordered = WINDOW_BYTES <= minSize && minSize < normalSize && normalSize < maxSize
  const whole = Number.isInteger(minSize) && Number.isInteger(bits) && Number.isInteger(maxSize)
  if (!ordered || !whole || bits <= FILTER_BITS + NORMALISATION || maxSize > 2 ** 30) {
    throw new RangeError('chunking profile: sizes out of range or out of order')
  }
  return { belowNormal: bits + NORMALISATION - FILTER_BITS, aboveNormal: bits - NORMALISATION - FILTER_BITS }
}
