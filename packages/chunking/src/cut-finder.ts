import { deriveCutKey } from './cut-key.ts'
import { type ChunkingProfile, cutBits, WORD_BYTES } from './profile.ts'
import { instantiateScanner } from './wasm/scanner.ts'
import { createMemory, type WasmMemory } from './wasm/webassembly.ts'

/** Bytes at the start of an imported memory that finders use for themselves: none. */
export const RESERVED_BYTES = 0

export interface CutFinderOptions {
  readonly profile: ChunkingProfile
  /** 32 secret bytes; cut points depend on them. Not kept by reference. */
  readonly key: Uint8Array
  /** Plain or shared memory holding the chunks; default: a new one that fits two chunks of maximum size. */
  readonly memory?: WasmMemory
}

export interface CutFinder {
  readonly memory: WasmMemory
  /**
   * Bytes [start, start + length) of `memory` hold the chunk being built. Returns the chunk's final
   * length (<= length) when a cut is found, and then forgets its scan position; else 0, having
   * scanned every byte. Call again after appending more bytes. The same bytes give the same cuts
   * however they are split into calls; between calls of one chunk they may move.
   */
  find(start: number, length: number): number
  /** Forget the scan position: a new chunk begins. */
  reset(): void
}

/** Any number of finders, with equal or different keys, may work on one memory at the same time. */
export function createCutFinder(options: CutFinderOptions): CutFinder {
  const { minSize, normalSize, maxSize } = options.profile
  const bits = cutBits(options.profile)
  const memory = options.memory ?? createMemory({ bytes: 2 * maxSize, shared: false })
  const scan = instantiateScanner(memory, deriveCutKey(options.key))
  /** Smallest chunk length not yet decided. */
  let next = minSize

  /** First passing length in [next, limit), or 0. */
  const search = (start: number, limit: number, zeroBits: number): number => {
    if (next >= limit) return 0
    const from = start + next - WORD_BYTES
    const to = start + limit - WORD_BYTES
    const at = scan(from, to, 64 - zeroBits) >>> 0
    if (at === to) {
      next = limit
      return 0
    }
    return at - start + WORD_BYTES
  }

  const find = (start: number, length: number): number => {
    const decidable = length + 1
    const cut =
      search(start, Math.min(decidable, normalSize), bits.belowNormal) ||
      search(start, Math.min(decidable, maxSize), bits.aboveNormal) ||
      (length >= maxSize ? maxSize : 0)
    if (cut !== 0) next = minSize
    return cut
  }

  return {
    memory,
    find,
    reset: () => {
      next = minSize
    }
  }
}
