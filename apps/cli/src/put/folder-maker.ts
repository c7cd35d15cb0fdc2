import { setImmediate } from 'node:timers/promises'
import type { OperationResult } from '@cairn/client'
import { type BatchOperation, encodeBatch, MAX_OPERATIONS } from './batch-body.ts'
import { applied } from './operation-error.ts'
import type { PutRun } from './put-run.ts'

/** A folder on the server; perhaps still being made. */
export interface FolderRef {
  /** Rejects when it could not be made. */
  readonly id: Promise<string>
  /** For children made in the same request. */
  readonly opId: string | undefined
}

export const existingFolder = (id: string): FolderRef => ({ id: Promise.resolve(id), opId: undefined })

/** Makes folders, many in one request: while one is on its way the next one fills. */
export interface FolderMaker {
  make(folder: NewFolder): FolderRef
  /** Waits until all are made. */
  end(): Promise<void>
}

export interface NewFolder {
  readonly parent: FolderRef
  readonly name: string
  /** For the report. */
  readonly path: string
  readonly remote: string
}

interface Wanted extends NewFolder {
  readonly opId: string
  resolve(id: string): void
  reject(error: unknown): void
}

export function createFolderMaker(run: PutRun): FolderMaker {
  let queue: Wanted[] = []
  let working: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined

  const work = async () => {
    // Whoever asks for several folders at once gets them into one request.
    await setImmediate()
    while (queue.length > 0) {
      const batch = queue.slice(0, MAX_OPERATIONS)
      queue = queue.slice(batch.length)
      await makeBatch(run, batch)
    }
    working = undefined
  }

  return {
    make: (folder) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      // Whoever needs the folder awaits it; an empty one may have nobody.
      promise.catch(() => undefined)
      const opId = run.uuid()
      queue.push({ ...folder, opId, resolve, reject })
      working ??= work().catch((error: unknown) => {
        failure ??= { error }
      })
      return { id: promise, opId }
    },
    end: async () => {
      await working
      if (failure !== undefined) throw failure.error
    }
  }
}

// Parents were queued before their children: they are ready in this batch, or settled.
async function makeBatch(run: PutRun, batch: readonly Wanted[]): Promise<void> {
  const together = new Set<string>()
  const ready: { wanted: Wanted; operation: BatchOperation }[] = []
  for (const wanted of batch) {
    try {
      const { parent, opId, name } = wanted
      const inBatch = parent.opId !== undefined && together.has(parent.opId)
      const parentId = inBatch ? `op:${parent.opId}` : await parent.id
      ready.push({ wanted, operation: { op: 'mkdir', opId, parentId, name } })
      together.add(opId)
    } catch (error) {
      await refuse(run, wanted, error)
    }
  }
  if (ready.length === 0) return
  try {
    const body = encodeBatch(
      [],
      ready.map(({ operation }) => operation)
    )
    const results = await run.client.uploads.batch(run.drive, body, { signal: run.signal })
    for (const [index, { wanted }] of ready.entries()) await settle(run, wanted, results[index])
  } catch (error) {
    for (const { wanted } of ready) await refuse(run, wanted, error)
  }
}

async function settle(run: PutRun, wanted: Wanted, result: OperationResult | undefined): Promise<void> {
  const { path, remote } = wanted
  try {
    const { id } = applied(result)
    wanted.resolve(id)
    await run.report.add({ status: 'created', type: 'folder', path, remote, nodeId: id })
  } catch (error) {
    await refuse(run, wanted, error)
  }
}

async function refuse(run: PutRun, { path, remote, reject }: Wanted, error: unknown): Promise<void> {
  reject(error)
  if (!run.signal.aborted) await run.report.add({ status: 'failed', type: 'folder', path, remote, error })
}
