import type { Delivery } from './delivery.ts'

/** Outcome of one attempt, as far as the lane must know it. */
export type Outcome = 'settled' | 'blocked'

export interface LanesOptions {
  readonly concurrency: number
  /** Name of the lane a delivery goes through: its key, where order matters. */
  readonly laneOf: (delivery: Delivery) => string
  /** Makes one attempt and records its fate. 'blocked': the lane must wait, give back the rest of it. */
  readonly attempt: (delivery: Delivery) => Promise<Outcome>
  readonly giveBack: (deliveries: readonly Delivery[]) => void
  /** Called whenever an attempt has ended. */
  readonly changed: () => void
}

/** Deliveries in hand: one at a time within a lane, several lanes at once. */
export interface Lanes {
  /** In queue order. */
  add(deliveries: readonly Delivery[]): void
  /** Deliveries not yet begun. */
  readonly waiting: number
  readonly inFlight: number
  /** Gives back everything not yet begun and begins nothing more. */
  close(): void
  /** Lets lanes go on; to be called once the retries are persisted, so that nothing overtakes them. */
  unblock(retried: Iterable<Delivery>): void
}

interface Lane {
  readonly queue: Delivery[]
  running: boolean
}

export const createLanes = ({ concurrency, laneOf, attempt, giveBack, changed }: LanesOptions): Lanes => {
  const lanes = new Map<string, Lane>()
  const ready: Lane[] = []
  const blocked = new Set<string>()
  let waiting = 0
  let inFlight = 0
  let closed = false

  const begin = () => {
    while (inFlight < concurrency) {
      const lane = ready.shift()
      const delivery = lane?.queue.shift()
      if (lane === undefined || delivery === undefined) return
      waiting -= 1
      inFlight += 1
      lane.running = true
      void finish(lane, delivery)
    }
  }

  const finish = async (lane: Lane, delivery: Delivery) => {
    const key = laneOf(delivery)
    const outcome = await attempt(delivery)
    inFlight -= 1
    lane.running = false
    if (outcome === 'blocked') {
      blocked.add(key)
      empty(lane)
    }
    if (lane.queue.length > 0) ready.push(lane)
    else lanes.delete(key)
    begin()
    changed()
  }

  const empty = (lane: Lane) => {
    waiting -= lane.queue.length
    giveBack(lane.queue.splice(0))
  }

  return {
    add: (deliveries) => {
      for (const delivery of deliveries) {
        const key = laneOf(delivery)
        if (closed || blocked.has(key)) {
          giveBack([delivery])
          continue
        }
        const lane = lanes.get(key) ?? { queue: [], running: false }
        lanes.set(key, lane)
        lane.queue.push(delivery)
        waiting += 1
        if (!lane.running && lane.queue.length === 1) ready.push(lane)
      }
      begin()
    },
    get waiting() {
      return waiting
    },
    get inFlight() {
      return inFlight
    },
    close: () => {
      closed = true
      ready.length = 0
      for (const lane of lanes.values()) empty(lane)
    },
    unblock: (retried) => {
      for (const delivery of retried) blocked.delete(laneOf(delivery))
    }
  }
}
