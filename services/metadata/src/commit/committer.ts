import { CairnError } from '@cairn/contracts'
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
    try {
      return await queue.submit(request)
    } finally {
      if (queue.isIdle && this.#queues.get(key.driveId) === queue) this.#queues.delete(key.driveId)
    }
  }

  async drain(): Promise<void> {
    this.#draining = true
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()))
  }

  #open(key: DriveKey): DriveQueue {
    const queue = new DriveQueue(async (requests) => {
      const committed = await this.#options.run(key, requests)
      if (committed?.changed === true) this.#options.onChanged(key, committed.headSeq)
      return committed
    })
    this.#queues.set(key.driveId, queue)
    return queue
  }
}
