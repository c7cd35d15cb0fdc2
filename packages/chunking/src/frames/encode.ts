import { ID_BYTES } from '../ids.ts'
import {
  FRAME_HEAD_BYTES,
  MAGIC,
  MAX_OPERATIONS_BYTES,
  OPERATIONS_HEAD_BYTES,
  type PlainFrame,
  SECTION_END,
  SECTION_OPERATIONS,
  SECTION_RAW,
  SECTION_ZSTD,
  type StoredFrame,
  VERSION
} from './format.ts'

export interface EncodeOptions {
  /** zstd of a chunk, or undefined where it does not pay. Longer results are not used. */
  readonly compress?: (bytes: Uint8Array) => Uint8Array | undefined
  /** JSON value that follows the frames, at most 1 MiB encoded. */
  readonly operations?: unknown
}

/**
 * A whole frame stream as a list of buffers to be sent in order; chunk bytes are not copied.
 * @throws RangeError for an empty chunk, an id that is not 32 bytes, or oversized operations.
 */
export function encodeFrames(frames: Iterable<PlainFrame>, options: EncodeOptions = {}): Uint8Array[] {
  const parts = [encodeStreamHeader()]
  for (const frame of frames) parts.push(...encodeFrame(compressFrame(frame, options.compress)))
  if (options.operations !== undefined) parts.push(encodeOperations(options.operations))
  parts.push(encodeStreamEnd())
  return parts
}

function compressFrame({ wireId, bytes }: PlainFrame, compress: EncodeOptions['compress']): StoredFrame {
  const compressed = compress?.(bytes)
  return compressed !== undefined && compressed.length < bytes.length
    ? { wireId, plainLength: bytes.length, encoding: 'zstd', stored: compressed }
    : { wireId, plainLength: bytes.length, encoding: 'raw', stored: bytes }
}

export const encodeStreamHeader = (): Uint8Array => Uint8Array.of(...MAGIC, VERSION)

/** One frame: its head and, as it is, `stored`. For senders that hold chunks compressed already. */
export function encodeFrame(frame: StoredFrame): [head: Uint8Array, stored: Uint8Array] {
  const { wireId, plainLength, encoding, stored } = frame
  const consistent = encoding === 'raw' ? stored.length === plainLength : stored.length < plainLength
  if (wireId.length !== ID_BYTES || stored.length === 0 || !consistent) {
    throw new RangeError('frame: wrong id length or inconsistent lengths')
  }
  const head = new Uint8Array(1 + FRAME_HEAD_BYTES)
  head[0] = encoding === 'raw' ? SECTION_RAW : SECTION_ZSTD
  head.set(wireId, 1)
  const view = new DataView(head.buffer)
  view.setUint32(1 + ID_BYTES, plainLength, true)
  view.setUint32(1 + ID_BYTES + 4, stored.length, true)
  return [head, stored]
}

export function encodeOperations(operations: unknown): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(operations))
  if (json.length > MAX_OPERATIONS_BYTES) throw new RangeError('frame stream: operations exceed 1 MiB')
  const section = new Uint8Array(1 + OPERATIONS_HEAD_BYTES + json.length)
  section[0] = SECTION_OPERATIONS
  new DataView(section.buffer).setUint32(1, json.length, true)
  section.set(json, 1 + OPERATIONS_HEAD_BYTES)
  return section
}

export const encodeStreamEnd = (): Uint8Array => Uint8Array.of(SECTION_END)
