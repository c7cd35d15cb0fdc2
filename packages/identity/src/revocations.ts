import type { Cache } from '@cairn/cache'
import type { NotificationPayloads } from '@cairn/contracts'
import type { Logger } from '@cairn/runtime'
import type { AppPasswords } from './app-passwords.ts'
import type { KeySet } from './key-set.ts'
import type { Sessions } from './sessions.ts'

export interface RevocationTargets {
  readonly sessions: Sessions
  readonly appPasswords: AppPasswords
  readonly keys: KeySet
  readonly logger: Logger
}

/** Forgets what the auth service says is revoked. Returns what ends the listening. */
export const followRevocations = async (cache: Cache, targets: RevocationTargets): Promise<() => Promise<void>> => {
  const follow = <N extends keyof NotificationPayloads>(
    channel: N,
    apply: (payload: NotificationPayloads[N]) => void
  ): Promise<() => Promise<void>> =>
    cache.subscribe(channel, (message) => {
      try {
        apply(JSON.parse(message) as NotificationPayloads[N])
      } catch (error) {
        targets.logger.warn({ err: error, channel }, 'unreadable revocation')
      }
    })

  const ends = await Promise.all([
    follow('auth.session-revoked', ({ userId, sessionId }) => targets.sessions.forget(userId, sessionId)),
    follow('auth.app-password-revoked', ({ userId, appPasswordId }) =>
      targets.appPasswords.forget(userId, appPasswordId)
    ),
    // A bare hint without a payload.
    cache.subscribe('auth.signing-keys-changed', () => targets.keys.refresh())
  ])
  return async () => {
    await Promise.all(ends.map((end) => end()))
  }
}
