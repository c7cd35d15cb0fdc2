import { type CutFinder, createCutFinder, PROFILE_1 } from '@cairn/chunking'
import { sealCopy } from '../codec/seal-chunk.ts'
import type { StorageContext } from '../context.ts'
import { chunkIdOf, chunkKeyOf, type VaultKeys } from '../crypto/vault-keys.ts'
import { PACK_TARGET } from '../format/limits.ts'
import { hex, uuidToBytes } from '../format/uuid.ts'
import type { ContentChunk } from '../manifest.ts'
import { FreeSlots } from './free-slots.ts'
import { LiveLookup } from './live-lookup.ts'
import { PackBuilder } from './pack-builder.ts'
import { discardSegment, newSegment, type Segment, type StoredSegment, storeSegment } from './segment.ts'
import { PLAIN_CAPACITY, type SlotArena } from './slot-arena.ts'

/** Bytes copied between two looks for a cut: what follows a cut has to be moved. */
const STEP = 256 * 1024
/** Up to here sealing on the main thread is cheaper than a worker's round trip. */
const INLINE_SEAL = 32 * 1024
/** A segment of mostly known chunks ends here. */
const SEGMENT_LIMIT = 256 * 1024 * 1024
/** A slow sender's bytes become durable at least this often; also keeps pack leases far from their end. */
const SEGMENT_MILLISECONDS = 20_000

export interface ContentStreamOptions {
  readonly vaultId: string
  readonly keys: VaultKeys
  /** Called in stream order, one at a time. Makes the chunks referenced. */
  readonly register: (segment: StoredSegment) => Promise<void>
}

/**
 * Bytes → chunks → sealed records → packs → registered segments, with bounded memory: one arena of slots and at
 * most two segments under way. push() waits when the stages behind it are busy.
 */
export class ContentStream {
  readonly #context: StorageContext
  readonly #options: ContentStreamOptions
  readonly #arena: SlotArena
  readonly #free: FreeSlots
  readonly #finder: CutFinder
  readonly #lookup: LiveLookup
  readonly #vault: Uint8Array
  readonly #seen = new Set<string>()
  #slot: number | undefined
  #filled = 0
  #segment = newSegment()
  #segmentSince = 0
  #earlier: Promise<void> = Promise.resolve()
  #latest: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined
  readonly #open = new Set<Segment>()

  constructor(context: StorageContext, options: ContentStreamOptions) {
    this.#context = context
    this.#options = options
    this.#arena = context.uploadArenas.acquire()
    this.#free = new FreeSlots(this.#arena.slots)
    this.#finder = createCutFinder({
      profile: PROFILE_1,
      key: options.keys.chunkingKey,
      memory: this.#arena.memory
    })
    this.#lookup = new LiveLookup(context.database, options.vaultId)
    this.#vault = uuidToBytes(options.vaultId)
  }

  async push(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#failure) throw this.#failure.error
      this.#slot ??= await this.#free.take()
      const length = Math.min(STEP, bytes.length - at, PLAIN_CAPACITY - this.#filled)
      this.#arena.plain(this.#slot, PLAIN_CAPACITY).set(bytes.subarray(at, at + length), this.#filled)
      this.#filled += length
      at += length
      await this.#cutAll(this.#slot)
    }
    if (this.#segment.chunks.length > 0 && this.#segmentAge() > SEGMENT_MILLISECONDS) await this.#closeSegment()
  }

  /** Bytes received after the last cut. */
  get tailLength(): number {
    return this.#filled
  }

  /** Everything before the tail is registered when resolved; returns a copy of the tail. */
  async finish(options: { cutTail: boolean }): Promise<Buffer> {
    const tail = Buffer.alloc(options.cutTail ? 0 : this.#filled)
    if (this.#slot !== undefined) {
      if (options.cutTail && this.#filled > 0) this.#dispatch(this.#slot, this.#filled)
      else {
        tail.set(this.#arena.plain(this.#slot, this.#filled))
        this.#free.give(this.#slot)
      }
      this.#slot = undefined
      this.#filled = 0
    }
    await this.#closeSegment()
    await this.#latest
    if (this.#failure) throw this.#failure.error
    return tail
  }

  /** Ends the stream either way; what is not registered is discarded. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#failure ??= { error: new Error('the stream has ended') }
    await Promise.allSettled([this.#earlier, this.#latest])
    await Promise.allSettled([...this.#open, this.#segment].map(discardSegment))
    this.#context.uploadArenas.release(this.#arena)
  }

  async #cutAll(first: number): Promise<void> {
    let slot = first
    for (;;) {
      const cut = this.#finder.find(this.#arena.plainStart(slot), this.#filled)
      if (cut === 0) return
      const rest = this.#filled - cut
      const next = await this.#free.take()
      if (rest > 0) this.#arena.plain(next, rest).set(this.#arena.plain(slot, this.#filled).subarray(cut))
      this.#dispatch(slot, cut)
      slot = next
      this.#slot = next
      this.#filled = rest
      if (this.#segment.packedBytes >= PACK_TARGET || this.#segment.plainBytes >= SEGMENT_LIMIT) {
        await this.#closeSegment()
      }
    }
  }

  /** Gives the chunk in `slot` to the current segment. The slot comes back when its bytes are stored. */
  #dispatch(slot: number, length: number): void {
    const segment = this.#segment
    if (segment.chunks.length === 0) this.#segmentSince = this.#context.clock.now()
    const wireId = this.#context.hasher.hash(this.#arena.plain(slot, length))
    const chunkId = chunkIdOf(this.#options.keys, wireId)
    const chunk = { chunkId, wireId, length }
    segment.chunks.push(chunk)
    segment.plainBytes += length
    const name = hex(chunkId)
    if (this.#seen.has(name)) {
      segment.present.push(chunkId)
      this.#free.give(slot)
      return
    }
    this.#seen.add(name)
    segment.packedBytes += length
    const work = this.#store(segment, { slot, chunk }).finally(() => this.#free.give(slot))
    work.catch((error) => {
      this.#failure ??= { error }
    })
    segment.work.push(work)
  }

  async #store(segment: Segment, stored: { slot: number; chunk: ContentChunk }): Promise<void> {
    const { slot, chunk } = stored
    if (await this.#lookup.isLive(chunk.chunkId)) {
      segment.present.push(chunk.chunkId)
      segment.packedBytes -= chunk.length
      return
    }
    segment.pack ??= PackBuilder.open(this.#context, this.#options.vaultId)
    const [record, pack] = await Promise.all([this.#seal(slot, chunk), segment.pack])
    await pack.add(record, { chunkId: chunk.chunkId, plainLength: chunk.length })
  }

  async #seal(slot: number, chunk: ContentChunk): Promise<Uint8Array> {
    const { keys } = this.#options
    const secret = keys.chunkKeys.get(keys.currentVersion)
    if (!secret) throw new Error('the vault has no current chunk key')
    const cipher = {
      vault: this.#vault,
      chunkId: chunk.chunkId,
      key: chunkKeyOf(secret, chunk.chunkId),
      keyVersion: keys.currentVersion,
      nonce: this.#context.random.bytes(12)
    }
    if (chunk.length <= INLINE_SEAL) return sealCopy(this.#arena.plain(slot, chunk.length), cipher)
    const length = await this.#context.codec.seal({ arena: this.#arena, slot, plainLength: chunk.length }, cipher)
    return this.#arena.room(slot).subarray(0, length)
  }

  #segmentAge(): number {
    return this.#context.clock.now() - this.#segmentSince
  }

  /** Waits until at most one earlier segment is still on its way. */
  async #closeSegment(): Promise<void> {
    const segment = this.#segment
    if (segment.chunks.length === 0) return
    this.#segment = newSegment()
    this.#open.add(segment)
    const before = this.#latest
    const stored = storeSegment(segment)
    stored.catch(() => undefined)
    const registered = before.then(async () => {
      await this.#options.register(await stored)
      this.#open.delete(segment)
    })
    registered.catch((error) => {
      this.#failure ??= { error }
    })
    this.#earlier = before
    this.#latest = registered
    await before
  }
}
