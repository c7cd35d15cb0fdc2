import type { SmallContent, StoredContent } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import type { VaultKeys } from '../crypto/vault-keys.ts'
import { storageFailure, tooSlow } from '../errors.ts'
import { buildManifest } from '../manifest.ts'
import { insertSealed } from '../store/insert-sealed.ts'
import { insertManifests } from '../store/manifests.ts'
import { findReferences, insertReferences } from '../store/references.ts'
import { referenceSegment } from './register.ts'
import { identify, storeChunks } from './seal-small.ts'

/**
 * Small contents arriving at the same time share a pack and a transaction (group commit per vault): while
 * batches are being made durable, the next one gathers.
 */
export interface SmallPuts {
  put(vaultId: string, contents: readonly SmallContent[]): Promise<StoredContent[]>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

interface Waiting {
  readonly contents: readonly SmallContent[]
  readonly done: (stored: StoredContent[]) => void
  readonly fail: (error: unknown) => void
}

interface Lane {
  waiting: Waiting[]
  running: boolean
  /** Requests in the last batch: about as many can be expected again. */
  expected: number
  gathering: boolean
}

const BATCH_CONTENTS = 512
const BATCH_BYTES = 16 * 1024 * 1024
/** How long a batch waits for as many requests as the last one had. One sender alone never waits. */
const GATHER_MS = 2

export const createSmallPuts = (context: StorageContext): SmallPuts => {
  const lanes = new Map<string, Lane>()
  const running = new Set<Promise<void>>()

  /** The expectation outlives a short pause: the senders of the last batch are about to send again. */
  const forgetLater = (vaultId: string, lane: Lane): void => {
    void context.clock.sleep(GATHER_MS * 10).then(() => {
      if (!lane.running && lane.waiting.length === 0 && lanes.get(vaultId) === lane) lanes.delete(vaultId)
    })
  }

  const start = (vaultId: string, lane: Lane): void => {
    lane.gathering = false
    if (lane.running || lane.waiting.length === 0) return
    lane.running = true
    const batch = takeBatch(lane)
    lane.expected = batch.length
    const run = runBatch(context, vaultId, batch).finally(() => {
      lane.running = false
      running.delete(run)
      if (lane.waiting.length > 0) gather(vaultId, lane)
      else forgetLater(vaultId, lane)
    })
    running.add(run)
  }

  const gather = (vaultId: string, lane: Lane): void => {
    if (lane.running) return
    if (lane.waiting.length >= lane.expected) start(vaultId, lane)
    else if (!lane.gathering) {
      lane.gathering = true
      void context.clock.sleep(GATHER_MS).then(() => start(vaultId, lane))
    }
  }

  return {
    put: (vaultId, contents) =>
      new Promise((done, fail) => {
        const lane = lanes.get(vaultId) ?? { waiting: [], running: false, expected: 1, gathering: false }
        lanes.set(vaultId, lane)
        lane.waiting.push({ contents, done, fail })
        // Requests parsed in the same turn of the event loop join one batch.
        setImmediate(() => gather(vaultId, lane))
      }),
    idle: async () => {
      while (lanes.size > 0) await Promise.allSettled([...running, context.clock.sleep(GATHER_MS)])
    }
  }
}

const takeBatch = (lane: Lane): Waiting[] => {
  const batch: Waiting[] = []
  let contents = 0
  let bytes = 0
  for (let next = lane.waiting[0]; next; next = lane.waiting[0]) {
    contents += next.contents.length
    bytes += next.contents.reduce((sum, content) => sum + content.bytes.length, 0)
    if (batch.length > 0 && (contents > BATCH_CONTENTS || bytes > BATCH_BYTES)) break
    batch.push(next)
    lane.waiting.shift()
  }
  return batch
}

const runBatch = async (context: StorageContext, vaultId: string, batch: readonly Waiting[]): Promise<void> => {
  try {
    const keys = await context.vaults.keys(vaultId)
    const stored = await storeContents(
      context,
      keys,
      batch.flatMap((waiting) => waiting.contents)
    )
    for (const waiting of batch) {
      waiting.done(waiting.contents.map((content) => stored.get(content.referenceId) ?? missing(content)))
    }
  } catch (error) {
    for (const waiting of batch) waiting.fail(storageFailure(error))
  }
}

const missing = (content: SmallContent): never => {
  throw new Error(`content ${content.referenceId} was not stored`)
}

/** Everything of the batch in one transaction: pack, chunks, manifests, references. */
const storeContents = async (
  context: StorageContext,
  keys: VaultKeys,
  contents: readonly SmallContent[]
): Promise<Map<string, StoredContent>> => {
  const { vaultId } = keys
  const chunked = contents.map((content) => ({
    referenceId: content.referenceId,
    chunks: content.bytes.length === 0 ? [] : [identify(context, keys, content.bytes)]
  }))
  const segment = await storeChunks(
    context,
    keys,
    chunked.flatMap((content) => content.chunks)
  )
  const manifests = chunked.map(({ chunks }) => buildManifest(keys, chunks, context.random))
  const referenceIds = chunked.map((content) => content.referenceId)
  const references = chunked.map(({ referenceId }, index) => {
    const manifest = manifests[index]
    if (!manifest) throw new Error('one manifest for each content')
    return { referenceId, manifestId: manifest.manifestId, size: manifest.size }
  })
  if (segment.pack && segment.present.length === 0) {
    const inserted = await insertSealed(context.database.query, vaultId, { pack: segment.pack, manifests, references })
    if (inserted === undefined) throw tooSlow()
    if (inserted === references.length) return byReference(references)
    return findReferences(context.database.query, vaultId, referenceIds)
  }
  return context.database.transaction(async (tx) => {
    await referenceSegment(tx, vaultId, segment)
    await insertManifests(tx, vaultId, manifests)
    await insertReferences(tx, vaultId, references)
    return findReferences(tx, vaultId, referenceIds)
  })
}

const byReference = (references: readonly StoredContent[]): Map<string, StoredContent> =>
  new Map(references.map((reference) => [reference.referenceId, reference]))
