import { setImmediate } from 'node:timers/promises'
import { CairnError } from '@cairn/contracts'
import type { TreeRequest } from '../domain/operation.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { CommittedBatch } from './unit-of-work.ts'

/** Operations in one transaction; a single larger request still goes alone. */
const MAX_BATCH_OPERATIONS = 1000
/** Operations waiting for one drive before callers are told to come back. */
const MAX_WAITING_OPERATIONS = 10_000

export interface CommitResult {
  readonly outcomes: readonly Outcome[]
  readonly headSeq: number
}

type Run = (requests: readonly TreeRequest[]) => Promise<CommittedBatch | undefined>

interface Waiting {
  readonly request: TreeRequest
  readonly size: number
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: unknown) => void
}

/** Group commit: while one transaction runs, whatever arrives waits here and forms the next. */
export class DriveQueue {
  readonly #run: Run
  readonly #onIdle: () => void
  readonly #waiting: Waiting[] = []
  #waitingOperations = 0
  #running: Promise<void> | undefined

  constructor(run: Run, onIdle: () => void) {
    this.#run = run
    this.#onIdle = onIdle
  }

  submit(request: TreeRequest): Promise<CommitResult> {
    const size = request.units.reduce((sum, unit) => sum + unit.operations.length, 0)
    if (this.#waitingOperations + size > MAX_WAITING_OPERATIONS && this.#waiting.length > 0) {
      const busy = new CairnError('unavailable', 'Too many operations are waiting for this drive', { retryAfter: 1 })
      return Promise.reject(busy)
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, size, resolve, reject })
      this.#waitingOperations += size
      this.#running ??= this.#work()
    })
  }

  /** Resolves when everything submitted has its answer. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #work(): Promise<void> {
    // Requests of the same turn of the event loop share the first transaction already.
    await setImmediate()
    while (this.#waiting.length > 0) await this.#commit(this.#takeBatch())
    this.#running = undefined
    this.#onIdle()
  }

  #takeBatch(): Waiting[] {
    let operations = 0
    let count = 0
    for (const { size } of this.#waiting) {
      if (count > 0 && operations + size > MAX_BATCH_OPERATIONS) break
      operations += size
      count += 1
    }
    this.#waitingOperations -= operations
    return this.#waiting.splice(0, count)
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const committed = await this.#run(batch.map(({ request }) => request))
      for (const [index, waiting] of batch.entries()) settle(waiting, committed, index)
    } catch (error) {
      // One request must not fail the others for ever: try each alone. Op ids make that safe.
      if (batch.length > 1 && !isTemporary(error)) for (const waiting of batch) await this.#commit([waiting])
      else for (const waiting of batch) waiting.reject(error)
    }
  }
}

const settle = (waiting: Waiting, committed: CommittedBatch | undefined, index: number): void => {
  const outcomes = committed?.outcomes[index]
  if (committed === undefined || outcomes === undefined) waiting.reject(new CairnError('not_found', 'Not found'))
  else waiting.resolve({ outcomes, headSeq: committed.headSeq })
}

const TEMPORARY = new Set(['unavailable', 'disk_full', 'lock_timeout'])

const isTemporary = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && TEMPORARY.has(String(error.code))
