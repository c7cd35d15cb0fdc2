import type { Random } from '@cairn/runtime'
import { BlobError, type BlobErrorCode, type BlobInfo, type BlobStore, type BlobWriter } from './blob-store.ts'

/** `….acknowledged`: it was done, then the answer got lost. */
export type BlobFaultPoint =
  | 'create'
  | 'write'
  | 'commit'
  | 'commit.acknowledged'
  | 'read'
  | 'size'
  | 'delete'
  | 'delete.acknowledged'
  | 'list'
  | 'check'

export interface BlobFault {
  readonly point: BlobFaultPoint
  /** What the caller gets; default `unavailable`. */
  readonly code?: BlobErrorCode
  /** Chance each time the point is passed; default 1. */
  readonly chance?: number
  /** Passes let through first; default 0. */
  readonly after?: number
  /** Fires at most so often; default without limit. */
  readonly times?: number
  /** Waited for instead of failing at once, so that a test can act while the store stands still here. */
  readonly hold?: (key: string) => Promise<void>
  /** Fails (default) or goes on after `hold`. */
  readonly fails?: boolean
}

export interface BlobFaultPlan {
  /** Read at every pass: a test may change the list while it runs. */
  readonly faults: readonly BlobFault[]
  readonly random: Pick<Random, 'unit'>
  readonly onFault?: (point: BlobFaultPoint, key: string) => void
}

/** For tests: the same store with trouble at named points. The same seed and calls give the same faults. */
export const withFaults = (store: BlobStore, plan: BlobFaultPlan): BlobStore => {
  const pass = createPasses(plan)

  const faultyWriter = (writer: BlobWriter, key: string): BlobWriter => ({
    write: (parts) => orAbort(writer, () => pass('write', key).then(() => writer.write(parts))),
    commit: async () => {
      await orAbort(writer, () => pass('commit', key))
      await writer.commit()
      await pass('commit.acknowledged', key)
    },
    abort: () => writer.abort()
  })

  return {
    create: async (key, signal) => {
      await pass('create', key)
      return faultyWriter(await store.create(key, signal), key)
    },
    read: async (key, offset, length, options) => {
      await pass('read', key)
      return await store.read(key, offset, length, options)
    },
    size: async (key, signal) => {
      await pass('size', key)
      return await store.size(key, signal)
    },
    delete: async (key, signal) => {
      await pass('delete', key)
      await store.delete(key, signal)
      await pass('delete.acknowledged', key)
    },
    list: (prefix, signal) => faultyList(store.list(prefix, signal), (key) => pass('list', key)),
    check: async (signal) => {
      await pass('check', '')
      await store.check(signal)
    },
    freeBytes: () => store.freeBytes(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]()
  }
}

/** A driver's writer discards itself when a call fails; this one must do the same. */
const orAbort = async (writer: BlobWriter, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    await writer.abort()
    throw error
  }
}

/** Passes the point once before each object, so that a listing can also break midway. */
async function* faultyList(
  source: AsyncIterable<BlobInfo>,
  pass: (key: string) => Promise<void>
): AsyncGenerator<BlobInfo> {
  for await (const info of source) {
    await pass(info.key)
    yield info
  }
}

type Pass = (point: BlobFaultPoint, key: string) => Promise<void>

const createPasses = ({ faults, random, onFault }: BlobFaultPlan): Pass => {
  const passed = new WeakMap<BlobFault, number>()
  const fired = new WeakMap<BlobFault, number>()

  const fires = (fault: BlobFault): boolean => {
    const before = passed.get(fault) ?? 0
    passed.set(fault, before + 1)
    const { after = 0, times = Number.POSITIVE_INFINITY, chance = 1 } = fault
    if (before < after || (fired.get(fault) ?? 0) >= times) return false
    if (chance < 1 && random.unit() >= chance) return false
    fired.set(fault, (fired.get(fault) ?? 0) + 1)
    return true
  }

  return async (point, key) => {
    for (const fault of faults) {
      if (fault.point !== point || !fires(fault)) continue
      onFault?.(point, key)
      await fault.hold?.(key)
      if (fault.fails ?? true) throw new BlobError(fault.code ?? 'unavailable', `injected fault at ${point} of ${key}`)
    }
  }
}
