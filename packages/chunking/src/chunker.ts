import { createCutFinder } from './cut-finder.ts'
import type { ChunkingProfile } from './profile.ts'

export interface ChunkerOptions {
  readonly profile: ChunkingProfile
  /** 32 secret bytes; see createCutFinder. */
  readonly key: Uint8Array
}

export interface Chunker {
  /** Chunks completed by these bytes, in order, each in a buffer of its own. `bytes` is copied. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[]
  /** The last, possibly short chunk; none when no bytes are pending. The chunker may then be used for another stream. */
  end(): Uint8Array<ArrayBuffer>[]
}

/** Splits a stream of buffers into chunks; bounded memory (two chunks of maximum size). */
export function createChunker(options: ChunkerOptions): Chunker {
  const finder = createCutFinder(options)
  const memory = new Uint8Array(finder.memory.buffer)
  let start = 0
  let length = 0

  const takeCuts = (chunks: Uint8Array<ArrayBuffer>[]): void => {
    for (let cut = finder.find(start, length); cut !== 0; cut = finder.find(start, length)) {
      chunks.push(memory.slice(start, start + cut))
      start += cut
      length -= cut
    }
  }

  const push = (bytes: Uint8Array): Uint8Array<ArrayBuffer>[] => {
    const chunks: Uint8Array<ArrayBuffer>[] = []
    for (let taken = 0; taken < bytes.length; ) {
      if (start + length === memory.length) {
        memory.copyWithin(0, start, start + length)
        start = 0
      }
      const count = Math.min(bytes.length - taken, memory.length - start - length)
      memory.set(bytes.subarray(taken, taken + count), start + length)
      taken += count
      length += count
      takeCuts(chunks)
    }
    return chunks
  }

  const end = (): Uint8Array<ArrayBuffer>[] => {
    const chunks = length === 0 ? [] : [memory.slice(start, start + length)]
    start = 0
    length = 0
    finder.reset()
    return chunks
  }

  return { push, end }
}
