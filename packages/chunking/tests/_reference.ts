import { type ChunkingProfile, KEY_BYTES } from '../src/index.ts'
import { sipHash24 } from '../src/siphash.ts'

/**
 * docs/chunking.md written down as plainly as possible: the oracle of the tests. Shares nothing
 * with the scanner but SipHash, which has published vectors of its own.
 */
export function referenceCuts(data: Uint8Array, profile: ChunkingProfile, key: Uint8Array): number[] {
  const passes = cutTest(data, key)
  const bits = Math.log2(profile.normalSize)
  const lengths: number[] = []
  for (let start = 0; start < data.length; ) {
    const length = chunkLength(data.length - start, profile, (candidate) =>
      passes(start + candidate, candidate < profile.normalSize ? bits + 2 : bits - 2)
    )
    lengths.push(length)
    start += length
  }
  return lengths
}

function chunkLength(available: number, profile: ChunkingProfile, passes: (length: number) => boolean): number {
  for (let length = profile.minSize; length < Math.min(profile.maxSize, available + 1); length++) {
    if (passes(length)) return length
  }
  return Math.min(profile.maxSize, available)
}

function cutTest(data: Uint8Array, key: Uint8Array): (at: number, bits: number) => boolean {
  if (key.length !== KEY_BYTES) throw new RangeError('key length')
  const keyView = new DataView(key.buffer, key.byteOffset)
  const prf = { k0: keyView.getBigUint64(0, true), k1: keyView.getBigUint64(8, true) }
  const seed = { k0: keyView.getBigUint64(16, true), k1: keyView.getBigUint64(24, true) }
  const filter = drawFilter(seed)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return (at, bits) => {
    let folded = 0
    for (let j = 0; j < 7; j++) folded = (folded + (view.getUint32(at - 4 - 16 * j, true) << (5 * j))) >>> 0
    if (!filter(folded)) return false
    return sipHash24(prf, data.subarray(at - 64, at)) >> BigInt(64 - (bits - 10)) === 0n
  }
}

function drawFilter(seed: { k0: bigint; k1: bigint }): (folded: number) => boolean {
  for (let attempt = 0; ; attempt++) {
    const value = sipHash24(seed, Uint8Array.of(attempt, 0, 0, 0, 0, 0, 0, 0))
    const multiplier = Number(value & 0xffff_ffffn) | 1
    const addend = Number(value >> 32n)
    const filter = (folded: number) => (Math.imul(multiplier, folded) + addend) >>> 0 < 2 ** 22
    if (!constantRuns().some(filter)) return filter
  }
}

function constantRuns(): number[] {
  return Array.from({ length: 256 }, (_, byte) => {
    let folded = 0n
    for (let j = 0n; j < 7n; j++) folded += BigInt(byte) * 0x0101_0101n * (1n << (5n * j))
    return Number(folded & 0xffff_ffffn)
  })
}
