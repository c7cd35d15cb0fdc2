import { createHash } from 'node:crypto'
import type { Random } from '@cairn/runtime'

/** Repeatable randomness: the same seed gives the same sequence. Never for anything secret. */
export const createSeededRandom = (seed: number | string): Random => {
  const next = sfc32(createHash('sha256').update(String(seed)).digest())
  let uuids = 0

  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => next() >>> 24)

  return {
    bytes,
    uuid: () => {
      uuids += 1
      return versionSeven(SEEDED_EPOCH_MS + uuids, bytes(10))
    },
    unit: () => next() / 2 ** 32
  }
}

const SEEDED_EPOCH_MS = Date.UTC(2026, 0, 1)

const versionSeven = (time: number, random: Uint8Array): string => {
  const octets = Buffer.alloc(16)
  octets.writeUIntBE(time, 0, 6)
  octets.set(random, 6)
  octets.writeUInt8((octets.readUInt8(6) & 0x0f) | 0x70, 6)
  octets.writeUInt8((octets.readUInt8(8) & 0x3f) | 0x80, 8)
  return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Small fast counter generator, 128 bits of state; returns unsigned 32-bit integers. */
const sfc32 = (seed: Buffer): (() => number) => {
  let a = seed.readUInt32LE(0)
  let b = seed.readUInt32LE(4)
  let c = seed.readUInt32LE(8)
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round += 1) next()
  return next
}
