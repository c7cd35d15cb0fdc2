import type { Budget } from '../concurrency/budget.ts'

export interface Chunk {
  readonly wireId: Uint8Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Chunks that are asked about, and where needed sent, together. */
export interface Window {
  readonly chunks: readonly Chunk[]
  readonly bytes: number
  /** To be called when the chunks are no longer needed. */
  release(): void
}

/** Groups chunks into windows of at most `limit` bytes; waits while memory is in use by others. */
export async function* windows(
  chunks: AsyncIterable<Chunk>,
  { limit, memory, signal }: { limit: number; memory: Budget; signal: AbortSignal }
): AsyncGenerator<Window, void, void> {
  let held: Chunk[] = []
  let bytes = 0
  // Taken for a whole window before its first chunk is read.
  let release: (() => void) | undefined
  try {
    release = await memory.take(limit, signal)
    for await (const chunk of chunks) {
      if (bytes + chunk.bytes.length > limit) {
        yield { chunks: held, bytes, release }
        release = undefined
        held = []
        bytes = 0
        release = await memory.take(limit, signal)
      }
      held.push(chunk)
      bytes += chunk.bytes.length
    }
    if (held.length > 0) {
      yield { chunks: held, bytes, release }
      release = undefined
    }
  } finally {
    release?.()
  }
}
