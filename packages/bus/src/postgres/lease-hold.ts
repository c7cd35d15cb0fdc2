import type { Clock, Logger } from '@cairn/runtime'
import type { Lease, SubscriptionLeases } from './subscription-lease.ts'

export interface LeaseHoldOptions {
  readonly leases: SubscriptionLeases
  readonly subscription: string
  readonly lease: Lease
  readonly leaseMs: number
  readonly clock: Clock
  readonly logger: Logger
}

/** Keeps a lease alive while its holder works. */
export interface LeaseHold {
  /** Aborts when the lease is lost or can no longer be known to be held. */
  readonly lost: AbortSignal
  stop(): Promise<void>
}

export const holdLease = (options: LeaseHoldOptions): LeaseHold => {
  const { leases, subscription, lease, leaseMs, clock, logger } = options
  const lost = new AbortController()
  const stopped = new AbortController()

  /** True when renewed, false when somebody else has it, undefined when the database did not say in time. */
  const renew = async (patience: number): Promise<boolean | undefined> => {
    const settled = new AbortController()
    const asked = leases.renew(subscription, lease, leaseMs).catch((error: unknown) => {
      logger.warn({ subscription, err: error }, 'bus lease not renewed')
      return undefined
    })
    const patient = clock.sleep(patience, AbortSignal.any([settled.signal, stopped.signal])).catch(() => {})
    try {
      return (await Promise.race([asked, patient])) ?? undefined
    } finally {
      settled.abort()
    }
  }

  const keep = async (): Promise<void> => {
    let validUntil = clock.now() + leaseMs
    while (true) {
      await clock.sleep(leaseMs / 3, stopped.signal).catch(() => {})
      if (stopped.signal.aborted) return
      const asked = clock.now()
      const renewed = await renew(Math.max(0, validUntil - asked))
      if (renewed === true) validUntil = asked + leaseMs
      if (renewed === false || clock.now() >= validUntil) {
        logger.warn({ subscription }, 'bus lease lost, its messages will be delivered again')
        lost.abort(new Error('the bus lease was lost'))
        return
      }
    }
  }

  const keeping = keep()
  return {
    lost: lost.signal,
    stop: async () => {
      stopped.abort()
      await keeping
    }
  }
}
