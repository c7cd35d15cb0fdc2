import type { Bus, BusMessage, DeadLetter, Subscription } from '@cairn/bus'
import { createSeededRandom } from './random.ts'

export interface TestBusOptions {
  /** How often each message is delivered; default 2, because at-least-once means duplicates. */
  readonly copies?: number
  /** The next delivery is drawn from so many waiting ones; default 1 keeps the order. */
  readonly shuffleWithin?: number
  readonly seed?: number
}

/** A bus in memory: asynchronous, encoded, with duplicates. Nothing survives it. */
export interface TestBus extends Bus {
  /** Everything published so far, once each, in order. */
  readonly published: readonly BusMessage[]
  /** Resolves when nothing is waiting or in flight. */
  idle(): Promise<void>
}

interface Copy {
  readonly message: BusMessage
  attempts: number
}

interface Queue {
  readonly name: string
  readonly copies: Copy[]
  subscription: Subscription | undefined
  topics: readonly string[]
  pumping: Promise<void> | undefined
}

const DEFAULT_MAX_ATTEMPTS = 8

export const createTestBus = ({ copies = 2, shuffleWithin = 1, seed = 1 }: TestBusOptions = {}): TestBus => {
  const random = createSeededRandom(seed)
  const published: BusMessage[] = []
  const queues = new Map<string, Queue>()
  const dead = new Map<string, DeadLetter>()
  const closing = new AbortController()

  const enqueue = (queue: Queue, message: BusMessage) => {
    for (let copy = 0; copy < copies; copy += 1) queue.copies.push({ message, attempts: 0 })
    wake(queue)
  }

  const wake = (queue: Queue) => {
    queue.pumping ??= pump(queue).finally(() => {
      queue.pumping = undefined
      if (queue.copies.length > 0 && queue.subscription !== undefined) wake(queue)
    })
  }

  const pump = async (queue: Queue): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.subscription !== undefined) {
      const index = Math.floor(random.unit() * Math.min(shuffleWithin, queue.copies.length))
      const [copy] = queue.copies.splice(index, 1)
      if (copy === undefined) return
      await deliver(queue, queue.subscription, copy)
    }
  }

  const deliver = async (queue: Queue, subscription: Subscription, copy: Copy): Promise<void> => {
    try {
      await subscription.handle(copy.message, closing.signal)
    } catch (error) {
      copy.attempts += 1
      if (copy.attempts < (subscription.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)) {
        queue.copies.unshift(copy)
        return
      }
      const { message, attempts } = copy
      const letter = {
        id: random.uuid(),
        subscription: queue.name,
        message,
        attempts,
        reason: String(error),
        deadAt: 0
      }
      dead.set(letter.id, letter)
    }
  }

  return {
    published,
    publish: async (messages, signal) => {
      signal?.throwIfAborted()
      const encoded = messages.map((message) => JSON.parse(JSON.stringify(message)) as BusMessage)
      published.push(...encoded)
      for (const queue of queues.values()) {
        for (const message of encoded) if (queue.topics.includes(message.topic)) enqueue(queue, message)
      }
    },
    subscribe: async (subscription) => {
      const { name, topics } = subscription
      const queue = queues.get(name) ?? { name, topics, copies: [], subscription: undefined, pumping: undefined }
      queue.topics = topics
      queue.subscription = subscription
      queues.set(name, queue)
      wake(queue)
      return {
        stop: async () => {
          queue.subscription = undefined
          await queue.pumping
        }
      }
    },
    deadLetters: {
      list: async ({ subscription, limit, after }) =>
        [...dead.values()]
          .filter((letter) => subscription === undefined || letter.subscription === subscription)
          .filter((letter) => after === undefined || letter.id > after)
          .slice(0, limit),
      replay: async (id) => {
        const letter = dead.get(id)
        const queue = queues.get(letter?.subscription ?? '')
        if (letter === undefined || queue === undefined) return false
        enqueue(queue, letter.message)
        return dead.delete(id)
      },
      discard: async (id) => dead.delete(id)
    },
    backlog: async () =>
      [...queues.values()].map(({ name, copies: waiting }) => ({
        subscription: name,
        pending: waiting.length,
        oldestAge: 0,
        dead: [...dead.values()].filter((letter) => letter.subscription === name).length
      })),
    check: async (signal) => signal?.throwIfAborted(),
    idle: async () => {
      for (const queue of queues.values()) while (queue.pumping !== undefined) await queue.pumping
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort(new Error('the bus is closing'))
      for (const queue of queues.values()) {
        queue.subscription = undefined
        await queue.pumping
      }
    }
  }
}
