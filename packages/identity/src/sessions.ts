import type { AuthService } from '@cairn/contracts'
import type { Clock } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import { refuseCredential } from './refusal.ts'
import { createRevocableCache } from './revocable-cache.ts'

export interface SessionState {
  readonly userId: string
  readonly sessionId: string
  readonly active: boolean
  readonly admin: boolean
}

export interface Sessions {
  /** Throws `unauthenticated` when the session has ended. */
  requireActive(userId: string, sessionId: string): Promise<SessionState>
  /** `sessionId` "*" means every session of the user. */
  forget(userId: string, sessionId: string): void
}

const MAX_SESSIONS = 50_000
const MAX_AGE_MS = 60_000

export const createSessions = (auth: Pick<Client<typeof AuthService>, 'checkSession'>, clock: Clock): Sessions => {
  const states = createRevocableCache<SessionState>({ clock, maxEntries: MAX_SESSIONS, maxAgeMs: MAX_AGE_MS })
  return {
    requireActive: async (userId, sessionId) => {
      const state = await states.get(`${userId}/${sessionId}`, async () => {
        const { active, admin, maxAgeSeconds } = await auth.checkSession({ userId, sessionId })
        return { value: { userId, sessionId, active, admin }, maxAgeMs: maxAgeSeconds * 1000 }
      })
      if (!state.active) throw refuseCredential('the session has ended')
      return state
    },
    forget: (userId, sessionId) =>
      states.drop((state) => state.userId === userId && (sessionId === '*' || state.sessionId === sessionId))
  }
}
