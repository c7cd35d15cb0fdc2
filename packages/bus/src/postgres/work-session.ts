import { backoffPause, type Wakeup } from '@cairn/database'
import type { Subscription } from '../bus.ts'
import type { Attempt } from './attempt.ts'
import type { ConsumerContext } from './consumer-context.ts'
import { createDeliveryStore } from './delivery-store.ts'
import { createLanes } from './lanes.ts'
import { holdLease } from './lease-hold.ts'
import { createSettlementBuffer } from './settlement-buffer.ts'
import type { Lease } from './subscription-lease.ts'

const DEFAULT_CONCURRENCY = 8
const CLAIM_BATCH = 250
/** How long what is settled waits for more while handlers are at work, milliseconds. */
const GATHER_MS = 5
/** Handlers that ignore their abort are waited for this long, milliseconds. */
const ABORT_GRACE_MS = 10_000
const DATABASE_BACKOFF = { first: 100, longest: 5_000 }

export interface WorkSessionOptions {
  readonly context: ConsumerContext
  readonly subscription: Subscription
  readonly attempt: Attempt
  readonly lease: Lease
  readonly wakeup: Wakeup
  /** True once when there may be new work since it was last asked. */
  readonly takeNews: () => boolean
  /** Begin nothing more, finish what is in flight. */
  readonly stopping: AbortSignal
  /** Abort what is in flight too. */
  readonly aborting: AbortSignal
}

/**
 * Works one subscription off while holding its lease. All statements of a session run one after the other:
 * a claim can therefore never overtake the retry of an earlier message of its key.
 * Returns true when everything taken was settled, so that the lease may be given back.
 */
export const runWorkSession = async (options: WorkSessionOptions): Promise<boolean> => {
  const { context, subscription, lease, wakeup, stopping, aborting } = options
  const { clock, random, logger } = context
  const store = createDeliveryStore(context.run, subscription.name)
  const buffer = createSettlementBuffer()
  const hold = holdLease({ ...context, subscription: subscription.name, lease })
  const fencedOff = new AbortController()
  const lost = AbortSignal.any([hold.lost, fencedOff.signal])
  const handling = AbortSignal.any([lost, aborting])
  const lanes = createLanes({
    concurrency: subscription.concurrency ?? DEFAULT_CONCURRENCY,
    laneOf: ({ message }) => (subscription.unordered === true ? message.id : message.key),
    attempt: (delivery) => options.attempt(delivery, buffer, handling),
    giveBack: buffer.release,
    changed: wakeup.notify
  })
  // Not left to the loop below: between two of its rounds the lanes would begin more.
  const endings = [stopping, handling]
  for (const ending of endings) ending.addEventListener('abort', lanes.close, { once: true })
  let failures = 0

  const checkFence = (held: boolean) => {
    if (!held) fencedOff.abort(new Error('another consumer took over'))
  }

  /** Persists what was collected. Database trouble is sat out for as long as the lease lasts. */
  const settle = async (): Promise<void> => {
    const settlements = buffer.take()
    try {
      checkFence(await store.settle(lease, settlements))
      lanes.unblock(settlements.retried.map(({ delivery }) => delivery))
      failures = 0
    } catch (error) {
      buffer.restore(settlements)
      await sitOut(error)
    }
  }

  const sitOut = async (error: unknown): Promise<void> => {
    failures += 1
    logger.warn({ subscription: subscription.name, err: error }, 'bus queue not reachable, trying again')
    await clock.sleep(backoffPause(failures, random, DATABASE_BACKOFF), lost).catch(() => {})
  }

  /** One by one, each attempt counted first: whatever ended the previous consumer may end this one too. */
  const recover = async (): Promise<void> => {
    const blocked = new Set<string>()
    for (const delivery of await store.claimAbandoned(lease)) {
      if (stopping.aborted || blocked.has(delivery.message.key)) {
        buffer.release([delivery])
        continue
      }
      checkFence(await store.countAttempt(lease, delivery))
      if (lost.aborted) return
      const outcome = await options.attempt(delivery, buffer, handling)
      if (outcome === 'blocked') blocked.add(delivery.message.key)
      if (!handling.aborted) await settle()
    }
  }

  const claim = async (): Promise<boolean> => {
    try {
      const claimed = await store.claim(lease, CLAIM_BATCH)
      lanes.add(claimed)
      failures = 0
      return claimed.length === CLAIM_BATCH
    } catch (error) {
      await sitOut(error)
      return true
    }
  }

  const deliver = async (): Promise<boolean> => {
    let more = true
    while (!lost.aborted) {
      if (!buffer.isEmpty) {
        // More will be done in a moment: one statement for all of it.
        if (lanes.inFlight > 0) await clock.sleep(GATHER_MS, lost).catch(() => {})
        await settle()
        continue
      }
      more = options.takeNews() || more
      if (!stopping.aborted && more && lanes.waiting < CLAIM_BATCH / 2) {
        more = await claim()
        continue
      }
      if (lanes.inFlight === 0 && lanes.waiting === 0) return true
      if (aborting.aborted) return await finishAborted()
      await wakeup.wait(1_000, lost)
    }
    await finishAborted()
    return false
  }

  const finishAborted = async (): Promise<boolean> => {
    const deadline = clock.now() + ABORT_GRACE_MS
    while (lanes.inFlight > 0 && clock.now() < deadline) await wakeup.wait(100, new AbortController().signal)
    if (lanes.inFlight > 0) {
      logger.error({ subscription: subscription.name, inFlight: lanes.inFlight }, 'handlers ignored their abort')
    }
    if (!lost.aborted && !buffer.isEmpty) await settle()
    return lanes.inFlight === 0 && buffer.isEmpty && !lost.aborted
  }

  try {
    if (lease.abandoned) await recover()
    return await deliver()
  } finally {
    for (const ending of endings) ending.removeEventListener('abort', lanes.close)
    lanes.close()
    await hold.stop()
  }
}
