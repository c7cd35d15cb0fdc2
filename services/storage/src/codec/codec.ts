import { Worker } from 'node:worker_threads'
import type { SlotArena } from '../ingest/slot-arena.ts'
import type { CodecReply, CodecRequest } from './messages.ts'
import type { ChunkCipher } from './seal-chunk.ts'

/** CPU work on chunks in shared memory, off the main thread. */
export interface Codec {
  /** Seals the slot's plain bytes into a record at the start of its room; resolves with its length. */
  seal(place: SlotPlace, cipher: ChunkCipher & { nonce: Uint8Array }): Promise<number>
  /**
   * Opens the record at the start of the slot's room, verifies the id and leaves the plain bytes at the
   * start of the room. Rejects with CodecError saying why.
   */
  open(place: SlotPlace, cipher: ChunkCipher, idKey: Uint8Array): Promise<number>
  forget(arenaId: number): void
  [Symbol.asyncDispose](): Promise<void>
}

export interface SlotPlace {
  readonly arena: SlotArena
  readonly slot: number
  readonly plainLength: number
}

export class CodecError extends Error {
  override readonly name = 'CodecError'
}

interface Lane {
  readonly worker: Worker
  readonly arenas: Set<number>
  readonly jobs: Map<number, { resolve: (length: number) => void; reject: (error: Error) => void }>
}

type JobRequest = Extract<CodecRequest, { job: number }>
type Unaddressed<Request> = Request extends JobRequest
  ? Omit<Request, 'job' | 'arena' | 'start' | 'end' | 'plainLength'>
  : never

/** Starts its `threads` on first use: an idle server has none. */
export const createCodec = (threads: number): Codec => {
  const lanes: Lane[] = []
  let nextJob = 0

  const lane = (): Lane => {
    const idle = lanes.find((candidate) => candidate.jobs.size === 0)
    if (idle) return idle
    if (lanes.length < threads) {
      const added = startLane(() => lanes.splice(lanes.indexOf(added), 1))
      lanes.push(added)
      return added
    }
    return lanes.reduce((least, candidate) => (candidate.jobs.size < least.jobs.size ? candidate : least))
  }

  const run = (place: SlotPlace, request: Unaddressed<JobRequest>): Promise<number> => {
    const { worker, arenas, jobs } = lane()
    const room = place.arena.room(place.slot)
    if (!arenas.has(place.arena.id)) {
      arenas.add(place.arena.id)
      const memory = place.arena.memory.buffer
      worker.postMessage({ kind: 'arena', arena: place.arena.id, memory })
    }
    const job = nextJob++
    const start = room.byteOffset
    const message = {
      ...request,
      job,
      arena: place.arena.id,
      start,
      end: start + room.length,
      plainLength: place.plainLength
    }
    return new Promise((resolve, reject) => {
      jobs.set(job, { resolve, reject })
      worker.postMessage(message)
    })
  }

  return {
    seal: (place, cipher) => run(place, { kind: 'seal', cipher: { ...compact(cipher), nonce: own(cipher.nonce) } }),
    open: (place, cipher, idKey) => run(place, { kind: 'open', cipher: compact(cipher), idKey: own(idKey) }),
    forget: (arena) => {
      for (const { worker, arenas } of lanes) if (arenas.delete(arena)) worker.postMessage({ kind: 'forget', arena })
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(lanes.splice(0).map(({ worker }) => worker.terminate()))
    }
  }
}

/** Posting a view clones all of the memory behind it, and small buffers share large pools. */
const own = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)

const compact = (cipher: ChunkCipher): ChunkCipher => ({
  vault: own(cipher.vault),
  chunkId: own(cipher.chunkId),
  key: own(cipher.key),
  keyVersion: cipher.keyVersion
})

const startLane = (onExit: () => void): Lane => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { name: 'codec' })
  const jobs: Lane['jobs'] = new Map()
  worker.unref()
  const failAll = (error: Error): void => {
    for (const job of jobs.values()) job.reject(error)
    jobs.clear()
  }
  worker.on('message', (reply: CodecReply) => {
    const job = jobs.get(reply.job)
    jobs.delete(reply.job)
    if ('length' in reply) job?.resolve(reply.length)
    else job?.reject(new CodecError(reply.failure))
  })
  worker.on('error', failAll)
  worker.on('exit', () => {
    failAll(new CodecError('the codec worker stopped'))
    onExit()
  })
  return { worker, arenas: new Set(), jobs }
}
