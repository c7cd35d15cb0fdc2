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
  make(parent: FolderRef, name: string): FolderRef
}

interface Wanted {
  readonly opId: string
  readonly parent: FolderRef
  readonly name: string
  resolve(id: string): void
  reject(error: unknown): void
}

export function createFolderMaker(run: PutRun): FolderMaker {
  let queue: Wanted[] = []
  let busy = false

  const work = async () => {
    while (queue.length > 0) {
      const batch = queue.slice(0, MAX_OPERATIONS)
      queue = queue.slice(batch.length)
      await makeBatch(run, batch)
    }
    busy = false
  }

  return {
    make: (parent, name) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      // Whoever needs the folder awaits it; an empty one may have nobody.
      promise.catch(() => undefined)
      const opId = run.uuid()
      queue.push({ opId, parent, name, resolve, reject })
      if (!busy) {
        busy = true
        setImmediate(() => void work())
      }
      return { id: promise, opId }
    }
  }
}

// Parents were queued before their children: they are in this batch, or settled.
async function makeBatch(run: PutRun, batch: readonly Wanted[]): Promise<void> {
  const inBatch = new Set(batch.map(({ opId }) => opId))
  const ready: { wanted: Wanted; operation: BatchOperation }[] = []
  for (const wanted of batch) {
    try {
      const { parent, opId, name } = wanted
      const together = parent.opId !== undefined && inBatch.has(parent.opId)
      const parentId = together ? `op:${parent.opId}` : await parent.id
      ready.push({ wanted, operation: { op: 'mkdir', opId, parentId, name } })
    } catch (error) {
      wanted.reject(error)
    }
  }
  if (ready.length === 0) return
  try {
    const body = encodeBatch([], ready.map(({ operation }) => operation))
    const results = await run.client.uploads.batch(run.drive, body, { signal: run.signal })
    for (const [index, { wanted }] of ready.entries()) settle(wanted, results[index])
  } catch (error) {
    for (const { wanted } of ready) wanted.reject(error)
  }
}

function settle(wanted: Wanted, result: OperationResult | undefined): void {
  try {
    wanted.resolve(applied(result).id)
  } catch (error) {
    wanted.reject(error)
  }
}
