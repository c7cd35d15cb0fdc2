/**
 * Durable messages between services. At-least-once: handlers see duplicates and must be idempotent.
 * Order is kept per `key` within one subscription as long as nothing is dead-lettered; a failing
 * message is retried with backoff, then moved to the dead letters, where it can be listed and replayed.
 */
export interface Bus {
  /** Durable when resolved: every subscription known for the topic has its copy. Idempotent by message id. */
  publish(messages: readonly BusMessage[], signal?: AbortSignal): Promise<void>
  /**
   * Registers a durable, named subscription (once per consumer group) and starts delivering.
   * Messages published before the first registration are not delivered.
   */
  subscribe(subscription: Subscription): Promise<BusConsumer>
  deadLetters: DeadLetters
  /** One row per subscription; for operators and metrics. */
  backlog(): Promise<readonly Backlog[]>
  check(signal?: AbortSignal): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface BusMessage {
  /** UUID; makes publish and consumption idempotent. */
  readonly id: string
  /** e.g. "metadata.drive-changed". */
  readonly topic: string
  /** Ordering key, e.g. a drive id. */
  readonly key: string
  /** JSON value. Encoded even by the embedded driver. */
  readonly payload: unknown
  /** W3C traceparent, so that one trace spans producer and consumer. */
  readonly traceparent?: string
}

export interface Subscription {
  /** Durable name of the consumer group, e.g. "storage.release-references". */
  readonly name: string
  readonly topics: readonly string[]
  /** Resolving acknowledges; rejecting retries with backoff, at most `maxAttempts` times. */
  readonly handle: (message: BusMessage, signal: AbortSignal) => Promise<void>
  readonly maxAttempts?: number
  /** Messages in flight at once across keys. */
  readonly concurrency?: number
  /** For handlers whose effects commute: messages of one key may be handled at the same time, in any order. */
  readonly unordered?: boolean
}

export interface BusConsumer {
  /** Stops taking new messages and waits for those in flight. */
  stop(): Promise<void>
}

export interface DeadLetters {
  list(options: { subscription?: string; limit: number; after?: string }): Promise<readonly DeadLetter[]>
  /** Back to its subscription with a fresh attempt count. False when it is not there. */
  replay(id: string): Promise<boolean>
  discard(id: string): Promise<boolean>
}

export interface Backlog {
  readonly subscription: string
  /** Counted up to 10000. */
  readonly pending: number
  /** Milliseconds the oldest one has waited. */
  readonly oldestAge: number
  readonly dead: number
}

export interface DeadLetter {
  readonly id: string
  readonly subscription: string
  readonly message: BusMessage
  readonly attempts: number
  readonly reason: string
  readonly deadAt: number
}
