import type { ContentChunk } from '../manifest.ts'
import type { DurablePack, PackBuilder } from './pack-builder.ts'

/** A run of a stream's chunks that becomes durable together. */
export interface Segment {
  /** All chunks, in stream order. */
  readonly chunks: ContentChunk[]
  /** Those the vault had already; to be confirmed under its lock. */
  readonly present: Uint8Array[]
  /** Storing of single chunks, under way. */
  readonly work: Promise<void>[]
  pack: Promise<PackBuilder> | undefined
  plainBytes: number
  packedBytes: number
}

/** What a segment became: its new chunks lie in `pack`. */
export interface StoredSegment {
  readonly chunks: readonly ContentChunk[]
  readonly present: readonly Uint8Array[]
  readonly pack: DurablePack | undefined
}

export const newSegment = (): Segment => ({
  chunks: [],
  present: [],
  work: [],
  pack: undefined,
  plainBytes: 0,
  packedBytes: 0
})

/** Durable when resolved. */
export const storeSegment = async (segment: Segment): Promise<StoredSegment> => {
  await Promise.all(segment.work)
  const pack = segment.pack && (await (await segment.pack).finish())
  return { chunks: segment.chunks, present: segment.present, pack }
}

export const discardSegment = async (segment: Segment): Promise<void> => {
  await Promise.allSettled(segment.work)
  const pack = await segment.pack?.catch(() => undefined)
  await pack?.discard()
}
