import type { Delivery } from './delivery.ts'
import type { DeadDelivery, Settlements } from './delivery-store.ts'

/** Collects fates until the consumer's loop persists them together. */
export interface SettlementBuffer {
  acknowledge(delivery: Delivery): void
  retry(delivery: Delivery, attempts: number, pause: number): void
  release(deliveries: readonly Delivery[]): void
  bury(dead: DeadDelivery): void
  readonly isEmpty: boolean
  /** Everything collected so far; what is added later goes to the next one. */
  take(): Settlements
  /** Puts back what could not be persisted. */
  restore(settlements: Settlements): void
}

export const createSettlementBuffer = (): SettlementBuffer => {
  let acknowledged: Delivery[] = []
  let retried: Settlements['retried'][number][] = []
  let released: Delivery[] = []
  let dead: DeadDelivery[] = []

  return {
    acknowledge: (delivery) => {
      acknowledged.push(delivery)
    },
    retry: (delivery, attempts, pause) => {
      retried.push({ delivery, attempts, pause })
    },
    release: (deliveries) => {
      released.push(...deliveries)
    },
    bury: (delivery) => {
      dead.push(delivery)
    },
    get isEmpty() {
      return acknowledged.length + retried.length + released.length + dead.length === 0
    },
    take: () => {
      const taken = { acknowledged, retried, released, dead }
      acknowledged = []
      retried = []
      released = []
      dead = []
      return taken
    },
    restore: (settlements) => {
      acknowledged.unshift(...settlements.acknowledged)
      retried.unshift(...settlements.retried)
      released.unshift(...settlements.released)
      dead.unshift(...settlements.dead)
    }
  }
}
