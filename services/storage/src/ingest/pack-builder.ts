import type { BlobWriter } from '@cairn/blob-store'
import type { StorageContext } from '../context.ts'
import { PACK_HEADER_LENGTH, type PackEntry, packHeader, packKey, packTrailer } from '../format/pack.ts'
import type { StoredChunk } from '../store/chunks.ts'

/** A finished pack: durable under its name, not yet registered. */
export interface DurablePack {
  readonly packId: string
  readonly bytes: number
  readonly chunks: readonly StoredChunk[]
}

/**
 * Writes one pack object. Records are appended in the order of add() calls; each resolves when its bytes have been
 * handed to the store and the caller's memory is free again.
 */
export class PackBuilder {
  readonly packId: string
  readonly #writer: BlobWriter
  readonly #chunks: StoredChunk[] = []
  readonly #entries: PackEntry[] = []
  #length = PACK_HEADER_LENGTH
  #queue: { record: Uint8Array; done: () => void; failed: (error: unknown) => void }[] = []
  #writing: Promise<void> | undefined
  #failure: { error: unknown } | undefined

  private constructor(packId: string, writer: BlobWriter, header: Uint8Array) {
    this.packId = packId
    this.#writer = writer
    this.#queue.push({ record: header, done: () => undefined, failed: () => undefined })
  }

  static async open(context: StorageContext, vaultId: string): Promise<PackBuilder> {
    const packId = await context.intents.take(vaultId)
    const writer = await context.blobs.create(packKey(vaultId, packId))
    return new PackBuilder(packId, writer, packHeader(vaultId, packId))
  }

  add(record: Uint8Array, chunk: { chunkId: Uint8Array; plainLength: number }): Promise<void> {
    const offset = this.#length
    this.#length += record.length
    this.#chunks.push({ ...chunk, offset, recordLength: record.length })
    this.#entries.push({ chunkId: chunk.chunkId, offset, recordLength: record.length })
    return this.#enqueue(record)
  }

  /** Durable and visible when resolved. */
  async finish(): Promise<DurablePack> {
    const trailer = packTrailer(this.#entries)
    this.#length += trailer.length
    await this.#enqueue(trailer)
    await this.#writer.commit()
    return { packId: this.packId, bytes: this.#length, chunks: this.#chunks }
  }

  async discard(): Promise<void> {
    await this.#writing?.catch(() => undefined)
    await this.#writer.abort()
  }

  #enqueue(record: Uint8Array): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error)
    return new Promise((done, failed) => {
      this.#queue.push({ record, done, failed })
      this.#writing ??= this.#drain()
    })
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue
      this.#queue = []
      try {
        if (this.#failure) throw this.#failure.error
        await this.#writer.write(batch.map((item) => item.record))
        for (const item of batch) item.done()
      } catch (error) {
        this.#failure = { error }
        for (const item of batch) item.failed(error)
      }
    }
    // In the same turn as the last look at the queue: whoever adds next starts a new drain.
    this.#writing = undefined
  }
}
