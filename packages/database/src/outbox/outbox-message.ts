/** A message written in the transaction that made it true. Shaped like a bus message. */
export interface OutboxMessage {
  /** UUID, stays the message's id on the bus. */
  readonly id: string
  readonly topic: string
  /** Messages of one key are published in the order they were appended. */
  readonly key: string
  /** JSON value. */
  readonly payload: unknown
  /** W3C traceparent of the producing request. */
  readonly traceparent?: string
}
