/** Numbers of the frame stream; docs/chunking.md draws it. Integers are little-endian. */
export const MAGIC: readonly number[] = [0x43, 0x52, 0x4e, 0x46] // CRNF
export const VERSION = 1
export const STREAM_HEADER_BYTES = 5

export const SECTION_END = 0x00
export const SECTION_RAW = 0x01
export const SECTION_ZSTD = 0x02
export const SECTION_OPERATIONS = 0x10

/** Wire id, plain length, stored length; after the section byte. */
export const FRAME_HEAD_BYTES = 40
export const OPERATIONS_HEAD_BYTES = 4
export const MAX_OPERATIONS_BYTES = 1024 * 1024
export const MAX_FRAMES = 4096
export const MEDIA_TYPE = 'application/vnd.cairn.frames'

/** A chunk in plain, as both ends see it. */
export interface PlainFrame {
  readonly wireId: Uint8Array
  readonly bytes: Uint8Array
}

/** A chunk as it travels. */
export interface StoredFrame {
  readonly wireId: Uint8Array
  readonly plainLength: number
  readonly encoding: 'raw' | 'zstd'
  readonly stored: Uint8Array
}
