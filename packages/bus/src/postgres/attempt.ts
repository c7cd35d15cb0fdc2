import { backoffPause } from '@cairn/database'
import { contextFromTraceparent, withSpan } from '@cairn/runtime'
import type { Subscription } from '../bus.ts'
import type { ConsumerContext } from './consumer-context.ts'
import type { Delivery } from './delivery.ts'
import type { Outcome } from './lanes.ts'
import type { SettlementBuffer } from './settlement-buffer.ts'

const DEFAULT_MAX_ATTEMPTS = 8
const REASON_LENGTH = 1_000

/** Hands one delivery to the handler and records what became of it. Never rejects. */
export type Attempt = (delivery: Delivery, buffer: SettlementBuffer, signal: AbortSignal) => Promise<Outcome>

export const createAttempt =
  ({ random, retry, logger }: ConsumerContext, subscription: Subscription): Attempt =>
  async (delivery, buffer, signal) => {
    const { message } = delivery
    const bury = (attempts: number, reason: string) => {
      const known = { subscription: subscription.name, messageId: message.id, topic: message.topic, key: message.key }
      logger.error({ ...known, attempts, reason }, 'message moved to the dead letters')
      buffer.bury({ id: random.uuid(), delivery, attempts, reason })
    }

    const maxAttempts = subscription.maxAttempts ?? DEFAULT_MAX_ATTEMPTS
    if (delivery.attempts >= maxAttempts) {
      bury(delivery.attempts, 'the process ended each time it handled this message')
      return 'settled'
    }
    try {
      const parent = contextFromTraceparent(message.traceparent)
      await withSpan(`${subscription.name} handle`, { kind: 'consumer', parent }, async () => {
        await subscription.handle(message, signal)
      })
      buffer.acknowledge(delivery)
      return 'settled'
    } catch (error) {
      if (signal.aborted) {
        buffer.release([delivery])
        return 'blocked'
      }
      const attempts = delivery.attempts + 1
      if (attempts >= maxAttempts) {
        bury(attempts, reasonOf(error))
        return 'settled'
      }
      const pause = backoffPause(attempts, random, retry)
      logger.warn(
        { subscription: subscription.name, messageId: message.id, attempts, pause, err: error },
        'message not handled, trying again'
      )
      buffer.retry(delivery, attempts, pause)
      return 'blocked'
    }
  }

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, REASON_LENGTH)
