import type { ByteRange } from '@cairn/http'

/** The part of `bytes`, which begin at `at`, that lies in the range; none when there is none. */
export const clip = (bytes: Uint8Array, at: number, range: ByteRange): readonly Uint8Array[] => {
  const from = Math.max(range.start - at, 0)
  const to = Math.min(range.end - at, bytes.length)
  return from < to ? [bytes.subarray(from, to)] : []
}
