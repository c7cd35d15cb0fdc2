import type { BackoffOptions } from '@cairn/database'
import type { Clock, Logger, Random } from '@cairn/runtime'
import type { Run } from './statements.ts'
import type { SubscriptionLeases } from './subscription-lease.ts'

/** What every consumer of one bus shares. */
export interface ConsumerContext {
  readonly run: Run
  readonly leases: SubscriptionLeases
  /** Names this process in leases. */
  readonly holder: string
  readonly leaseMs: number
  readonly retry: BackoffOptions
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}
