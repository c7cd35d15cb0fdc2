import { encodeFrames } from '@cairn/chunking'
import type { UploadRef } from '@cairn/client'
import { createTaskGroup } from '../concurrency/task-group.ts'
import { MAX_BODY_BYTES } from './batch-body.ts'
import { compressChunk } from './compress.ts'
import type { PutRun } from './put-run.ts'
import { type Chunk, type Window, windows } from './windows.ts'

/** A chunk as a commit names it. */
export interface ChunkRef {
  readonly wireId: string
  readonly length: number
}

export interface ContentTarget {
  readonly upload: UploadRef
  readonly signal: AbortSignal
}

const IN_FLIGHT = 2

/**
 * Makes sure that the server has all chunks, sending those it asks for, and returns the list. Several
 * windows are on their way at once while the next one is read.
 */
export async function sendContent(
  run: PutRun,
  chunks: AsyncIterable<Chunk>,
  { upload, signal }: ContentTarget
): Promise<ChunkRef[]> {
  const refs: ChunkRef[] = []
  const group = createTaskGroup(IN_FLIGHT, signal)
  for await (const window of windows(chunks, { limit: MAX_BODY_BYTES, memory: run.memory, signal: group.signal })) {
    for (const { wireId, bytes } of window.chunks) refs.push({ wireId: hex(wireId), length: bytes.length })
    await group
      .run((signal) => sendWindow(run, window, { upload, signal }))
      .catch((error: unknown) => {
        window.release()
        throw error
      })
  }
  await group.end()
  return refs
}

async function sendWindow(run: PutRun, window: Window, { upload, signal }: ContentTarget): Promise<void> {
  try {
    const ids = window.chunks.map(({ wireId }) => hex(wireId))
    const need = await run.client.uploads.have(upload, ids, { signal })
    // Equal chunks (a sparse file's zeros) travel once.
    const wanted = [...new Map(need.map((index) => [ids[index], window.chunks[index]])).values()].filter(
      (chunk) => chunk !== undefined
    )
    if (wanted.length > 0) {
      const body = encodeFrames(wanted, { compress: compressChunk }) as Uint8Array<ArrayBuffer>[]
      await run.client.uploads.putFrames(upload, body, { signal })
      run.report.sent(wanted.reduce((sum, { bytes }) => sum + bytes.length, 0))
    }
    run.progress.advance(window.bytes)
  } finally {
    window.release()
  }
}

export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
