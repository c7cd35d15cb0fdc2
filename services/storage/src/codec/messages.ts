import type { ChunkCipher, OpenFailure } from './seal-chunk.ts'

/** What crosses to a codec worker: positions in shared memory, keys, never chunk bytes. */
export type CodecRequest =
  | {
      readonly kind: 'seal'
      readonly job: number
      readonly arena: number
      readonly start: number
      readonly end: number
      readonly plainLength: number
      readonly cipher: ChunkCipher & { nonce: Uint8Array }
    }
  | {
      readonly kind: 'open'
      readonly job: number
      readonly arena: number
      readonly start: number
      readonly end: number
      readonly plainLength: number
      readonly cipher: ChunkCipher
      readonly idKey: Uint8Array
    }
  | { readonly kind: 'arena'; readonly arena: number; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'forget'; readonly arena: number }

export type CodecReply =
  /** Length of the record (seal) or of the plain bytes (open), at the start of the room. */
  | { readonly job: number; readonly length: number }
  | { readonly job: number; readonly failure: OpenFailure | 'wrong id' | string }
