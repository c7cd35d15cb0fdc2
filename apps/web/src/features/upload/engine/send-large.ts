import { createChunker, encodeFrames, type IdHasher, PROFILE_1 } from '@cairn/chunking'
import type { CairnClient } from '@cairn/client'
import { toHex } from './hex.ts'
import { UploadRefused } from './refused.ts'
import type { OpenUpload } from './session.ts'
import { createWindowSize } from './window-size.ts'

export interface ChunkRef {
  readonly wireId: string
  readonly length: number
}

export interface LargeFile {
  readonly file: Blob
  /** What the server has already, a prefix of the file; grows as more arrives, so that a pause loses nothing. */
  readonly acked: ChunkRef[]
}

export interface SendingContext {
  readonly client: CairnClient
  readonly hasher: IdHasher
  readonly upload: OpenUpload
  readonly signal: AbortSignal
  /** Told of bytes that need no more sending, and how many of them the server had before. */
  readonly onProgress: (bytes: number, known: number) => void
}

const READ_BYTES = 4 * 1024 * 1024
const IN_FLIGHT = 3

interface Chunk extends ChunkRef {
  readonly id: Uint8Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Makes sure that the server has every chunk of the file; sends those it asks for, several windows at once. */
export const sendLarge = async (context: SendingContext, { file, acked }: LargeFile): Promise<readonly ChunkRef[]> => {
  const { upload, hasher } = context
  if (upload.profile !== PROFILE_1.id) throw new UploadRefused('unknown_profile', '')
  // A cut depends on bytes of its own chunk only: starting again at a boundary gives the same chunks.
  const chunker = createChunker({ profile: PROFILE_1, key: upload.key })
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const size = createWindowSize()
  const pending: { readonly chunks: readonly Chunk[]; readonly sent: Promise<void> }[] = []
  let window: Chunk[] = []
  let bytes = 0

  const flush = async () => {
    if (window.length === 0) return
    const [chunks, length] = [window, bytes]
    window = []
    bytes = 0
    while (pending.length >= IN_FLIGHT) await acknowledge()
    const began = performance.now()
    const sent = sendWindow({ ...context, signal }, chunks).then((sentBytes) => {
      if (sentBytes > 0) size.took(length, performance.now() - began)
    })
    // Whoever awaits it comes later; until then a failure must not count as unhandled.
    sent.catch(() => undefined)
    pending.push({ chunks, sent })
  }
  // Windows are taken off in order, so `acked` stays a prefix of the file.
  const acknowledge = async () => {
    const first = pending.shift()
    if (first === undefined) return
    await first.sent
    for (const { wireId, length } of first.chunks) acked.push({ wireId, length })
  }

  try {
    let position = acked.reduce((sum, { length }) => sum + length, 0)
    while (position < file.size) {
      signal.throwIfAborted()
      const part = await readPart(file, position)
      position += part.length
      const cut = chunker.push(part)
      if (position >= file.size) cut.push(...chunker.end())
      for (const chunk of cut) {
        if (bytes + chunk.length > size.limit) await flush()
        const id = hasher.hash(chunk)
        window.push({ id, wireId: toHex(id), bytes: chunk, length: chunk.length })
        bytes += chunk.length
      }
    }
    await flush()
    while (pending.length > 0) await acknowledge()
  } finally {
    stop.abort()
  }
  return acked
}

const readPart = async (file: Blob, position: number): Promise<Uint8Array> => {
  try {
    return new Uint8Array(await file.slice(position, position + READ_BYTES).arrayBuffer())
  } catch (error) {
    throw new UploadRefused(
      error instanceof DOMException && error.name === 'NotReadableError' ? 'changed' : 'unreadable',
      ''
    )
  }
}

/** Returns the bytes that travelled. */
const sendWindow = async (
  { client, upload, signal, onProgress }: SendingContext,
  chunks: readonly Chunk[]
): Promise<number> => {
  const need = await client.uploads.have(
    upload.ref,
    chunks.map(({ wireId }) => wireId),
    { signal }
  )
  // Equal chunks (a sparse file's zeros) travel once.
  const wanted = new Map(
    need.flatMap((index) => (chunks[index] === undefined ? [] : [[chunks[index].wireId, chunks[index]]]))
  )
  const sent = [...wanted.values()].reduce((sum, { length }) => sum + length, 0)
  if (wanted.size > 0) {
    const frames = encodeFrames([...wanted.values()].map(({ id, bytes }) => ({ wireId: id, bytes })))
    await client.uploads.putFrames(upload.ref, frames as Uint8Array<ArrayBuffer>[], { signal })
  }
  const all = chunks.reduce((sum, { length }) => sum + length, 0)
  onProgress(all, all - sent)
  return sent
}
