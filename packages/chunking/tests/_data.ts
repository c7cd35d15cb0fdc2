import type { ChunkingProfile } from '../src/index.ts'

/** Small sizes with the same algorithm, so that the slow oracle keeps up. */
export const SMALL_PROFILE: ChunkingProfile = { id: 0, minSize: 2048, normalSize: 8192, maxSize: 32768 }

/** xorshift32: a fixed byte stream per seed, the same in every language. */
export function pseudoRandomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = seed >>> 0 || 1
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state >>> 0
  }
  return new Uint8Array(words.buffer, 0, length)
}

/** `period` pseudo-random bytes over and over. */
export function periodicBytes(length: number, period: number, seed: number): Uint8Array<ArrayBuffer> {
  const unit = pseudoRandomBytes(period, seed)
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += period) bytes.set(unit.subarray(0, length - at), at)
  return bytes
}

/** Bytes of a two-letter alphabet: one bit of entropy each. */
export function twoSymbolBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return pseudoRandomBytes(length, seed).map((byte) => (byte & 8 ? 0xff : 0))
}

/** Words out of a small vocabulary, like prose or source code. */
export function textBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const vocabulary = pseudoRandomBytes(4096, 77).map((byte) => 97 + (byte % 26))
  const choices = pseudoRandomBytes(length, seed)
  const text = new Uint8Array(length)
  for (let at = 0, choice = 0; at < length; choice += 2) {
    const start = (((choices[choice] ?? 0) << 4) | ((choices[choice + 1] ?? 0) & 15)) % 4080
    const word = vocabulary.subarray(start, start + 2 + (start % 9))
    text.set(word.subarray(0, length - at), at)
    at += word.length
    if (at < length) text[at++] = 32
  }
  return text
}

/** Little-endian 64-bit integers below ten: mostly zero bytes. */
export function smallIntegerBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return pseudoRandomBytes(length, seed).map((byte, i) => (i % 8 === 0 ? byte % 10 : 0))
}

export const testKey = (seed: number): Uint8Array<ArrayBuffer> => pseudoRandomBytes(32, seed)
