import { createCipheriv, createHash, randomInt } from 'node:crypto'
import { Readable } from 'node:stream'

/** Printed by every test that uses it; set ACCEPTANCE_SEED to repeat a run. */
export const SEED = Number(process.env['ACCEPTANCE_SEED'] ?? randomInt(1, 2 ** 31))

/** A small deterministic generator (mulberry32): numbers in [0, 1). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const BLOCK = 16

/** Incompressible bytes `[start, end)` of an endless stream named by `name`; the same ones every time. */
export const noise = (name: string | number, end: number, start = 0): Buffer<ArrayBuffer> => {
  const key = createHash('sha256').update(String(name)).digest().subarray(0, BLOCK)
  const first = Math.floor(start / BLOCK)
  const counter = Buffer.alloc(BLOCK)
  counter.writeBigUInt64BE(BigInt(first), 8)
  const cipher = createCipheriv('aes-128-ctr', key, counter)
  const bytes = cipher.update(Buffer.alloc(Math.max(0, end - first * BLOCK)))
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length).subarray(start - first * BLOCK)
}

const SLICE = 1024 * 1024

/** The same bytes as `noise`, as a stream that never holds more than a slice. */
export const noiseStream = (name: string | number, end: number, start = 0): Readable =>
  Readable.from(slices(name, end, start), { objectMode: false, highWaterMark: SLICE })

function* slices(name: string | number, end: number, start: number): Generator<Buffer> {
  for (let at = start; at < end; at += SLICE) yield noise(name, Math.min(at + SLICE, end), at)
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** SHA-256 of `noise(name, size)` without holding it. */
export const noiseHash = (name: string | number, size: number): string => {
  const hash = createHash('sha256')
  for (const slice of slices(name, size, 0)) hash.update(slice)
  return hash.digest('hex')
}
