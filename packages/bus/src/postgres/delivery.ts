import type { BusMessage } from '../bus.ts'

/** One subscription's copy of a message. */
export interface Delivery {
  readonly seq: number
  readonly message: BusMessage
  /** Failed attempts so far. */
  readonly attempts: number
}

export interface MessageRow {
  readonly message_id: string
  readonly topic: string
  readonly key: string
  readonly payload: unknown
  readonly traceparent: string | null
}

export interface DeliveryRow extends MessageRow {
  readonly seq: number
  readonly attempts: number
}

export const messageFromRow = (row: MessageRow): BusMessage => ({
  id: row.message_id,
  topic: row.topic,
  key: row.key,
  payload: row.payload,
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent })
})

export const deliveryFromRow = (row: DeliveryRow): Delivery => ({
  seq: row.seq,
  message: messageFromRow(row),
  attempts: row.attempts
})
