import type { FileHandle } from 'node:fs/promises'
import type { ChunkCutters, Cutter } from './chunk-cutters.ts'
import type { Chunk } from './windows.ts'

const READ_BYTES = 2 * 1024 * 1024

/** The chunks of a byte stream, with their ids. */
export async function* chunkStream(
  bytes: AsyncIterable<Uint8Array>,
  { cutters, cutter }: { cutters: ChunkCutters; cutter: Cutter }
): AsyncGenerator<Chunk, void, void> {
  const identified = (bytes: Uint8Array<ArrayBuffer>): Chunk => ({ wireId: cutters.hash(bytes), bytes })
  for await (const part of bytes) for (const chunk of cutter.chunker.push(part)) yield identified(chunk)
  for (const chunk of cutter.chunker.end()) yield identified(chunk)
}

/** A file from its beginning to wherever it ends; the yielded buffer is used again. */
export async function* fileBytes(handle: FileHandle): AsyncGenerator<Uint8Array, void, void> {
  const buffer = new Uint8Array(READ_BYTES)
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
