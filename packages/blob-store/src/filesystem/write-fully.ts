import { BlobError } from '../blob-store.ts'
import type { FileSystem } from './file-system.ts'

interface Destination {
  readonly fs: FileSystem
  readonly descriptor: number
}

/** Writes all parts at `position`, going on after short writes. Returns the position after them. */
export const writeFully = async (
  destination: Destination,
  parts: readonly Uint8Array[],
  position: number
): Promise<number> => {
  let rest = parts.filter((part) => part.byteLength > 0)
  let at = position
  while (rest.length > 0) {
    const written = await destination.fs.writev(destination.descriptor, rest, at)
    if (written <= 0) throw new BlobError('unavailable', 'the disk accepted no bytes')
    at += written
    rest = skip(rest, written)
  }
  return at
}

const skip = (parts: readonly Uint8Array[], bytes: number): Uint8Array[] => {
  let left = bytes
  let index = 0
  for (const part of parts) {
    if (part.byteLength > left) break
    left -= part.byteLength
    index += 1
  }
  const rest = parts.slice(index)
  const [first] = rest
  if (left > 0 && first !== undefined) rest[0] = first.subarray(left)
  return rest
}
