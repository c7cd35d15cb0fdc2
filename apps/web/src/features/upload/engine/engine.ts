import type { IdHasher } from '@cairn/chunking'
import { ApiError, type CairnClient, isTransient, type OperationResult } from '@cairn/client'
import { createJobFolders, type JobFolders } from './folders.ts'
import {
  type ConflictPolicy,
  type ItemRecord,
  type ItemState,
  type ItemView,
  isFinal,
  type JobRecord,
  mayBecome,
  type Totals
} from './model.ts'
import type { Event, NewItem } from './protocol.ts'
import { UploadRefused } from './refused.ts'
import { type ChunkRef, sendLarge } from './send-large.ts'
import { fitting, MAX_SMALL_BYTES, onConflictOf, readSmall, type SmallFile, sendSmall } from './send-small.ts'
import { createUploadSession, type UploadSession } from './session.ts'
import type { QueueStore, StoredItem } from './store.ts'

const LARGE_AT_ONCE = 2
const BATCHES_AT_ONCE = 2
/** How often the page is told. */
const REPORT_MS = 150
const MAX_RESTARTS = 3
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 15_000
/** The server has forgotten the upload or lost a chunk of it: the file is sent again from its beginning. */
const RESTARTED = new Set(['upload_expired', 'chunk_missing', 'upload_incomplete'])

export interface EngineDeps {
  readonly client: CairnClient
  readonly hasher: IdHasher
  readonly store: QueueStore
  readonly emit: (event: Event) => void
}

interface Item extends ItemRecord {
  file: File | undefined
  handle: FileSystemFileHandle | undefined
  /** Large files: what the server has, from the beginning on. */
  acked: ChunkRef[]
  progress: number
  known: number
  restarts: number
  stop: AbortController | undefined
}

interface Job extends JobRecord {
  readonly folderIds: JobFolders
  readonly session: UploadSession
}

/** The upload queue. Runs in a worker; one at a time per tab. docs/web.md has its rules. */
export interface Engine {
  start(userId: string): Promise<void>
  add(job: JobRecord, items: readonly NewItem[]): Promise<void>
  attach(items: readonly NewItem[]): Promise<void>
  reopen(): Promise<void>
  pause(ids: readonly string[] | 'all'): void
  resume(ids: readonly string[] | 'all'): void
  retry(ids: readonly string[] | 'all'): void
  cancel(ids: readonly string[] | 'all'): Promise<void>
  resolve(ids: readonly string[], policy: Exclude<ConflictPolicy, 'ask'>, rest: boolean): void
  clear(): void
  online(): void
}

export const createEngine = ({ client, hasher, store, emit }: EngineDeps): Engine => {
  const jobs = new Map<string, Job>()
  const items = new Map<string, Item>()
  const dirty = new Set<string>()
  let removed: string[] = []
  let large = 0
  let batches = 0
  let waitMs = 0
  let waitTimer: ReturnType<typeof setTimeout> | undefined
  let reportTimer: ReturnType<typeof setTimeout> | undefined
  let userId = ''

  // Telling the page

  const report = (): void => {
    if (reportTimer !== undefined) return
    reportTimer = setTimeout(() => {
      reportTimer = undefined
      const changed = [...dirty].flatMap((id) => {
        const item = items.get(id)
        return item === undefined ? [] : [viewOf(item)]
      })
      dirty.clear()
      emit({ type: 'changed', items: changed, removed, totals: totalsOf([...items.values()], waitTimer !== undefined) })
      removed = []
    }, REPORT_MS)
  }
  const touch = (item: Item): void => {
    dirty.add(item.id)
    report()
  }

  // Changing states

  const become = (item: Item, state: ItemState, error?: { code: string; detail: string }): void => {
    if (item.state === state || !mayBecome(item.state, state)) return
    item.state = state
    if (error === undefined) delete item.error
    else item.error = error
    if (isFinal(state)) item.progress = item.size
    touch(item)
    // A queue that is run through leaves nothing behind; states in between are found out anew.
    if (isFinal(state)) void forget([item.id])
    else if (state === 'failed' || state === 'paused' || state === 'conflict') void save([item])
  }
  const save = (changed: readonly Item[], job?: JobRecord) =>
    store.save({ items: changed.map(recordOf), ...(job === undefined ? {} : { jobs: [job] }) }).catch(() => undefined)
  const forget = (ids: readonly string[]) => store.save({ removedItems: ids }).catch(() => undefined)

  const closeFinishedJobs = (): void => {
    const open = new Set([...items.values()].filter((item) => !isFinal(item.state)).map(({ jobId }) => jobId))
    for (const job of jobs.values()) {
      if (open.has(job.id)) continue
      jobs.delete(job.id)
      void job.session.close()
      void store.save({ removedJobs: [job.id] }).catch(() => undefined)
    }
  }

  // Taking up work

  const pump = (): void => {
    if (waitTimer !== undefined) return
    const ready = [...items.values()].filter((item) => item.state === 'queued')
    const bigs = ready.filter(({ size }) => size > MAX_SMALL_BYTES)
    for (const item of bigs.slice(0, Math.max(0, LARGE_AT_ONCE - large))) {
      large += 1
      begin([item])
      void runLarge(item).finally(() => {
        large -= 1
        settle()
      })
    }
    let smalls = ready.filter(({ size }) => size <= MAX_SMALL_BYTES)
    while (batches < BATCHES_AT_ONCE && smalls.length > 0) {
      const same = smalls.filter(({ jobId }) => jobId === smalls[0]?.jobId)
      const batch = same.slice(0, fitting(same.map(({ size }) => size)))
      const taken = new Set(batch)
      smalls = smalls.filter((item) => !taken.has(item))
      batches += 1
      begin(batch)
      void runBatch(batch).finally(() => {
        batches -= 1
        settle()
      })
    }
  }
  const begin = (taken: readonly Item[]): void => {
    for (const item of taken) {
      item.stop = new AbortController()
      become(item, 'sending')
    }
  }
  const settle = (): void => {
    closeFinishedJobs()
    pump()
    report()
  }

  // Sending

  const runLarge = async (item: Item): Promise<void> => {
    const job = jobs.get(item.jobId)
    const signal = item.stop?.signal
    if (job === undefined || signal === undefined) return
    try {
      const file = await fileOf(item)
      const parentId = await job.folderIds.idOf(item.path)
      const upload = await job.session.get()
      try {
        const chunks = await sendLarge(
          {
            client,
            hasher,
            upload,
            signal,
            onProgress: (bytes, known) => {
              item.progress = Math.min(item.size, item.progress + bytes)
              item.known += known
              succeeded()
              touch(item)
            }
          },
          { file, acked: item.acked }
        )
        become(item, 'committing')
        const results = await client.uploads.commit(
          upload.ref,
          {
            files: [
              {
                opId: item.opId,
                parentId,
                name: item.name,
                chunks,
                mtime: item.mtimeMs,
                onConflict: onConflictOf(policyOf(item, job))
              }
            ]
          },
          { signal }
        )
        conclude(item, results[0])
        emit({ type: 'committed' })
      } catch (error) {
        if (lostUpload(error)) job.session.forget(upload)
        throw error
      }
    } catch (error) {
      failed([item], error)
    }
  }

  const runBatch = async (batch: readonly Item[]): Promise<void> => {
    const job = jobs.get(batch[0]?.jobId ?? '')
    if (job === undefined) return
    const stop = new AbortController()
    const files: { readonly item: Item; readonly small: SmallFile }[] = []
    for (const item of batch) {
      try {
        const parentId = await job.folderIds.idOf(item.path)
        const bytes = await readSmall(await fileOf(item))
        const { opId, name, mtimeMs } = item
        files.push({ item, small: { opId, parentId, name, mtimeMs, policy: policyOf(item, job), bytes } })
      } catch (error) {
        failed([item], error)
        if (isTransient(error)) {
          failed(
            batch.filter(({ state }) => state === 'sending'),
            error
          )
          return
        }
      }
    }
    // Whoever was paused or cancelled meanwhile stays behind.
    const going = files.filter(({ item }) => item.state === 'sending' && item.stop?.signal.aborted !== true)
    if (going.length === 0) return
    try {
      const small = going.map((file) => file.small)
      const results = await sendSmall({ client, hasher, signal: stop.signal }, job.drive, small)
      succeeded()
      for (const [index, { item }] of going.entries()) conclude(item, results[index])
      emit({ type: 'committed' })
    } catch (error) {
      failed(
        going.map(({ item }) => item),
        error
      )
    }
  }

  const fileOf = async (item: Item): Promise<File> => {
    if (item.file === undefined && item.handle !== undefined)
      item.file = await item.handle.getFile().catch(() => undefined)
    const { file } = item
    if (file === undefined) throw new UploadRefused('detached', '')
    if (file.size !== item.size || file.lastModified !== item.mtimeMs) throw new UploadRefused('changed', '')
    return file
  }

  const policyOf = (item: Item, job: Job): ConflictPolicy => (item.policy === 'ask' ? job.policy : item.policy)

  /** What the server said about one file. */
  const conclude = (item: Item, result: OperationResult | undefined): void => {
    if (result?.error === undefined) {
      become(item, result?.node === undefined ? 'failed' : 'done')
      return
    }
    const { code, detail } = result.error
    if (code !== 'name_taken') throwInto(item, code, detail)
    else if (isSame(item, result.node)) become(item, 'unchanged')
    else if (policyOf(item, jobs.get(item.jobId) ?? NO_JOB) === 'skip') become(item, 'skipped')
    else become(item, 'conflict', { code, detail: result.node?.kind ?? 'file' })
  }
  const throwInto = (item: Item, code: string, detail: string): void => {
    if (code === 'idempotency_mismatch') item.opId = crypto.randomUUID()
    if ((RESTARTED.has(code) || code === 'idempotency_mismatch') && item.restarts < MAX_RESTARTS) startAgain(item)
    else become(item, 'failed', { code, detail })
  }
  const startAgain = (item: Item): void => {
    item.restarts += 1
    item.acked = []
    item.progress = 0
    item.known = 0
    become(item, 'queued')
  }

  const failed = (involved: readonly Item[], error: unknown): void => {
    for (const item of involved) {
      // Paused or cancelled: whoever did that has set the state.
      if (item.state !== 'sending' && item.state !== 'committing') continue
      item.progress = item.acked.reduce((sum, { length }) => sum + length, 0)
      if (error instanceof UploadRefused && error.code === 'detached') become(item, 'detached')
      else if (error instanceof UploadRefused) become(item, 'failed', { code: error.code, detail: error.message })
      else if (isTransient(error) || signedOut(error)) become(item, 'queued')
      else if (lostUpload(error) && item.restarts < MAX_RESTARTS) startAgain(item)
      else if (error instanceof ApiError) throwInto(item, error.code, error.detail)
      else become(item, 'failed', { code: 'unknown', detail: error instanceof Error ? error.message : String(error) })
    }
    if (signedOut(error)) {
      pauseAll()
      emit({ type: 'signed-out' })
    } else if (isTransient(error)) {
      wait()
    }
  }
  const pauseAll = (): void => {
    for (const item of items.values()) if (item.state === 'queued') become(item, 'paused')
  }

  // The server is away

  const wait = (): void => {
    if (waitTimer !== undefined) return
    waitMs = waitMs === 0 ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, waitMs * 2)
    waitTimer = setTimeout(goOn, waitMs * (0.5 + Math.random() / 2))
    report()
  }
  const goOn = (): void => {
    clearTimeout(waitTimer)
    waitTimer = undefined
    pump()
    report()
  }
  const succeeded = (): void => {
    waitMs = 0
  }

  const chosen = (ids: readonly string[] | 'all'): Item[] =>
    ids === 'all' ? [...items.values()] : ids.flatMap((id) => items.get(id) ?? [])

  const take = (record: StoredItem, file: File | undefined): Item => {
    const item: Item = {
      ...record,
      file,
      handle: record.handle,
      acked: [],
      progress: 0,
      known: 0,
      restarts: 0,
      stop: undefined
    }
    items.set(item.id, item)
    touch(item)
    return item
  }
  const openJob = (record: JobRecord): void => {
    jobs.set(record.id, {
      ...record,
      folderIds: createJobFolders(client, record),
      session: createUploadSession(client, { drive: record.drive, clientKey: `web-${record.id}` })
    })
  }

  return {
    start: async (user) => {
      if (user === userId) return
      userId = user
      const loaded = await store.load().catch(() => ({ jobs: [], items: [] }))
      const mine = new Set(loaded.jobs.filter((job) => job.userId === user).map(({ id }) => id))
      for (const job of loaded.jobs) if (mine.has(job.id) && !jobs.has(job.id)) openJob(job)
      for (const record of loaded.items) {
        if (!mine.has(record.jobId) || items.has(record.id)) continue
        take(
          { ...record, state: record.state === 'conflict' || record.state === 'failed' ? record.state : 'detached' },
          undefined
        )
      }
      const handles = [...items.values()].flatMap(({ state, handle }) =>
        state === 'detached' && handle ? [handle] : []
      )
      if (handles.length > 0) emit({ type: 'handles', handles })
      closeFinishedJobs()
      report()
    },
    add: async (job, added) => {
      openJob(job)
      const taken = added.map(({ path, name, file, handle }) => {
        const id = crypto.randomUUID()
        const { size, lastModified: mtimeMs } = file
        const record = {
          id,
          jobId: job.id,
          path,
          name,
          size,
          mtimeMs,
          opId: id,
          policy: 'ask',
          state: 'queued'
        } as const
        return take({ ...record, handle }, file)
      })
      await save(taken, job)
      // A job of folders alone has nothing that would make them.
      const last = job.folders.at(-1)
      if (taken.length === 0 && last !== undefined)
        await jobs
          .get(job.id)
          ?.folderIds.idOf(last)
          .catch(() => undefined)
      if (taken.length === 0) emit({ type: 'committed' })
      settle()
    },
    attach: async (given) => {
      const waiting = [...items.values()].filter(
        ({ state, file }) => state === 'detached' || (file === undefined && !isFinal(state))
      )
      const byKey = new Map(given.map((item) => [matchKey(item.name, item.file.size, item.file.lastModified), item]))
      let missing = 0
      for (const item of waiting) {
        const found = byKey.get(matchKey(item.name, item.size, item.mtimeMs))
        if (found === undefined) {
          missing += 1
          continue
        }
        item.file = found.file
        item.handle = found.handle ?? item.handle
        become(item, 'queued')
      }
      emit({ type: 'attached', missing })
      settle()
    },
    reopen: async () => {
      for (const item of items.values())
        if (item.state === 'detached' && item.handle !== undefined) become(item, 'queued')
      settle()
    },
    pause: (ids) => {
      for (const item of chosen(ids)) {
        if (!mayBecome(item.state, 'paused')) continue
        become(item, 'paused')
        item.stop?.abort(new DOMException('paused', 'AbortError'))
      }
      report()
    },
    resume: (ids) => {
      for (const item of chosen(ids)) if (item.state === 'paused') become(item, 'queued')
      settle()
    },
    retry: (ids) => {
      for (const item of chosen(ids)) {
        if (item.state !== 'failed') continue
        item.restarts = 0
        // Read anew: what changed is what is wanted now.
        if (item.handle !== undefined) item.file = undefined
        become(item, item.file === undefined && item.handle === undefined ? 'detached' : 'queued')
      }
      goOn()
    },
    cancel: async (ids) => {
      const cancelled = chosen(ids)
      for (const item of cancelled) {
        items.delete(item.id)
        removed.push(item.id)
        item.stop?.abort(new DOMException('cancelled', 'AbortError'))
        // So that whoever still runs it leaves it alone.
        item.state = 'skipped'
      }
      await forget(cancelled.map(({ id }) => id))
      settle()
    },
    resolve: (ids, policy, rest) => {
      const resolved = chosen(ids).filter(({ state }) => state === 'conflict')
      for (const item of resolved) {
        const job = jobs.get(item.jobId)
        if (rest && job !== undefined) job.policy = policy
        if (policy === 'skip') {
          become(item, 'skipped')
          continue
        }
        item.policy = policy
        // Another request than the refused one.
        item.opId = crypto.randomUUID()
        become(item, 'queued')
      }
      if (rest) for (const job of jobs.values()) void store.save({ jobs: [jobRecordOf(job)] }).catch(() => undefined)
      settle()
    },
    clear: () => {
      for (const item of items.values()) {
        if (!isFinal(item.state)) continue
        items.delete(item.id)
        removed.push(item.id)
      }
      report()
    },
    online: goOn
  }
}

const NO_JOB = { policy: 'ask' } as Job

const matchKey = (name: string, size: number, mtimeMs: number): string => `${name}\u0000${size}\u0000${mtimeMs}`

const isSame = (item: Item, node: OperationResult['node']): boolean =>
  node?.kind === 'file' && node.size === item.size && node.mtime !== null && Date.parse(node.mtime) === item.mtimeMs

const lostUpload = (error: unknown): boolean => error instanceof ApiError && RESTARTED.has(error.code)

const signedOut = (error: unknown): boolean => error instanceof ApiError && error.status === 401

const viewOf = ({ id, jobId, name, path, size, state, progress, error }: Item): ItemView => ({
  id,
  jobId,
  name,
  path,
  size,
  state,
  progress,
  ...(error === undefined ? {} : { error })
})

const recordOf = ({ id, jobId, path, name, size, mtimeMs, state, policy, opId, error, handle }: Item): StoredItem => ({
  id,
  jobId,
  path,
  name,
  size,
  mtimeMs,
  state,
  policy,
  opId,
  handle,
  ...(error === undefined ? {} : { error })
})

const jobRecordOf = ({ id, drive, folderId, folderName, folders, userId, policy }: Job): JobRecord => ({
  id,
  drive,
  folderId,
  folderName,
  folders,
  userId,
  policy
})

const totalsOf = (items: readonly Item[], waiting: boolean): Totals => {
  const count = (...states: readonly ItemState[]) => items.filter(({ state }) => states.includes(state)).length
  const sum = (of: (item: Item) => number) => items.reduce((total, item) => total + of(item), 0)
  const active = count('queued', 'sending', 'committing')
  return {
    items: items.length,
    done: count('done', 'unchanged', 'skipped'),
    failed: count('failed'),
    conflicts: count('conflict'),
    detached: count('detached'),
    active,
    bytes: sum(({ size }) => size),
    progress: sum(({ progress }) => progress),
    known: sum(({ known }) => known),
    paused: active === 0 && count('paused') > 0,
    waiting
  }
}
