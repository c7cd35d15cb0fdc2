import { asBuffer } from './uuid.ts'

/** One chunk of a content, in order. */
export interface ChunkEntry {
  readonly chunkId: Uint8Array
  readonly length: number
}

export const ENTRY_LENGTH = 36
export const PAGE_ENTRIES = 1024

export const encodeEntries = (entries: readonly ChunkEntry[]): Buffer => {
  const bytes = Buffer.allocUnsafe(entries.length * ENTRY_LENGTH)
  let at = 0
  for (const entry of entries) {
    bytes.set(entry.chunkId, at)
    bytes.writeUInt32LE(entry.length, at + 32)
    at += ENTRY_LENGTH
  }
  return bytes
}

export const decodeEntries = (bytes: Uint8Array): ChunkEntry[] => {
  const source = asBuffer(bytes)
  const entries: ChunkEntry[] = []
  for (let at = 0; at + ENTRY_LENGTH <= source.length; at += ENTRY_LENGTH) {
    entries.push({ chunkId: source.subarray(at, at + 32), length: source.readUInt32LE(at + 32) })
  }
  return entries
}

export const totalLength = (entries: readonly ChunkEntry[]): number =>
  entries.reduce((sum, entry) => sum + entry.length, 0)
