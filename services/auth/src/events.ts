import type { Cache } from '@cairn/cache'
import type { NotificationPayloads } from '@cairn/contracts'
import type { Logger, Metrics } from '@cairn/runtime'
import type { Limit } from './limits/policy.ts'

/** What this service tells others and counts. Notifications go out after the commit they tell of. */
export interface Events {
  /** One session of a user, or "*" for all: verifiers forget what they know of it. */
  sessionRevoked(userId: string, sessionId: string): Promise<void>
  appPasswordRevoked(userId: string, appPasswordId: string): Promise<void>
  signingKeysChanged(): Promise<void>
  signIn(result: 'done' | 'refused' | 'limited'): void
  refreshReuse(userId: string): void
  limited(limit: Limit): void
}

export const SIGNING_KEYS_CHANGED = 'auth.signing-keys-changed'

export interface EventsOptions {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly cache: Cache
}

export const createEvents = ({ logger, metrics, cache }: EventsOptions): Events => {
  const signIns = metrics.counter({
    name: 'cairn_auth_sign_ins_total',
    help: 'Sign-ins by result',
    labelNames: ['result']
  })
  const limits = metrics.counter({
    name: 'cairn_auth_limited_total',
    help: 'Requests refused because of a limit',
    labelNames: ['limit']
  })
  const reuses = metrics.counter({
    name: 'cairn_auth_refresh_reuse_total',
    help: 'Sessions ended because a used refresh token came again'
  })

  const notify = async <T extends keyof NotificationPayloads>(channel: T, payload: NotificationPayloads[T]) => {
    try {
      await cache.publish(channel, JSON.stringify(payload))
    } catch (error) {
      // The row says so already; verifiers find out when their cached answer runs out.
      logger.warn({ err: error, channel }, 'notification could not be sent')
    }
  }

  return {
    sessionRevoked: (userId, sessionId) => notify('auth.session-revoked', { userId, sessionId }),
    appPasswordRevoked: (userId, appPasswordId) => notify('auth.app-password-revoked', { userId, appPasswordId }),
    signingKeysChanged: async () => {
      try {
        await cache.publish(SIGNING_KEYS_CHANGED, '')
      } catch (error) {
        logger.warn({ err: error }, 'notification could not be sent')
      }
    },
    signIn: (result) => signIns.inc({ result }),
    refreshReuse: (userId) => {
      reuses.inc()
      logger.warn({ userId }, 'a used refresh token came again; its session was ended')
    },
    limited: (limit) => {
      limits.inc({ limit: limit.name })
      logger.debug({ limit: limit.name }, 'limit reached')
    }
  }
}
