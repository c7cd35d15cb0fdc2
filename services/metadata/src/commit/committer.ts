import { CairnError } from '@cairn/contracts'
import { DatabaseError } from '@cairn/database'
import type { TreeRequest } from '../domain/operation.ts'
import type { DriveKey } from '../store/database.ts'
import { type CommitResult, DriveQueue } from './drive-queue.ts'
import type { CommittedBatch } from './unit-of-work.ts'

export interface CommitterOptions {
  readonly run: (key: DriveKey, requests: readonly TreeRequest[]) => Promise<CommittedBatch | undefined>
  /** Called after each transaction that changed the drive. */
  readonly onChanged: (key: DriveKey, headSeq: number) => void
}

/** The only way operations reach a drive from this process. */
export class Committer {
  readonly #options: CommitterOptions
  readonly #queues = new Map<string, DriveQueue>()
  #draining = false

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  /** One outcome per operation. Rejects when nothing is known to be applied; repeat with the same op ids. */
  async submit(key: DriveKey, request: TreeRequest): Promise<CommitResult> {
    if (this.#draining) throw new CairnError('unavailable', 'The server is stopping', { retryAfter: 1 })
    const queue = this.#queues.get(key.driveId) ?? this.#open(key)
    return await queue.submit(request)
  }

  /** Drives with work waiting or running. */
  get busyDrives(): number {
    return this.#queues.size
  }

  async drain(): Promise<void> {
    this.#draining = true
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()))
  }

  #open(key: DriveKey): DriveQueue {
    const queue = new DriveQueue(
      (requests) => this.#commit(key, requests),
      () => this.#queues.delete(key.driveId)
    )
    this.#queues.set(key.driveId, queue)
    return queue
  }

  async #commit(key: DriveKey, requests: readonly TreeRequest[]): Promise<CommittedBatch | undefined> {
    const committed = await this.#runKnown(key, requests)
    if (committed?.changed === true) this.#options.onChanged(key, committed.headSeq)
    return committed
  }

  /** Whether a commit whose connection was lost took place, the op ids tell: the same again is harmless. */
  async #runKnown(key: DriveKey, requests: readonly TreeRequest[]): Promise<CommittedBatch | undefined> {
    try {
      return await this.#options.run(key, requests)
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== 'commit_unknown') throw error
      const again = await this.#options.run(key, requests)
      return again && { ...again, changed: true }
    }
  }
}
