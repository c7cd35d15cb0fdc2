import { hash } from 'node:crypto'
import { type AuthService, CairnError } from '@cairn/contracts'
import type { Clock } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import { refuseCredential } from './refusal.ts'
import { createRevocableCache } from './revocable-cache.ts'

export interface AppPassword {
  readonly userId: string
  readonly appPasswordId: string
  readonly scopes: readonly string[]
  readonly admin: boolean
}

export interface AppPasswords {
  /** `username` is empty when the secret came as a bearer token. Rejects `unauthenticated`. */
  verify(username: string, secret: string): Promise<AppPassword>
  /** `appPasswordId` "*" means every app password of the user. */
  forget(userId: string, appPasswordId: string): void
}

const MAX_PASSWORDS = 20_000
const MAX_AGE_MS = 60_000

/** Secrets are never kept, only their hashes. Refusals are not kept at all. */
export const createAppPasswords = (
  auth: Pick<Client<typeof AuthService>, 'verifyAppPassword'>,
  clock: Clock
): AppPasswords => {
  const known = createRevocableCache<AppPassword>({ clock, maxEntries: MAX_PASSWORDS, maxAgeMs: MAX_AGE_MS })
  return {
    verify: async (username, secret) => {
      try {
        return await known.get(hash('sha256', `${username}\0${secret}`, 'base64'), async () => {
          const { userId, appPasswordId, scopes, admin, maxAgeSeconds } = await auth.verifyAppPassword({
            username,
            secret
          })
          return { value: { userId, appPasswordId, scopes, admin }, maxAgeMs: maxAgeSeconds * 1000 }
        })
      } catch (error) {
        if (error instanceof CairnError && error.code === 'unauthenticated')
          throw refuseCredential('unknown app password')
        throw error
      }
    },
    forget: (userId, appPasswordId) =>
      known.drop((item) => item.userId === userId && (appPasswordId === '*' || item.appPasswordId === appPasswordId))
  }
}
