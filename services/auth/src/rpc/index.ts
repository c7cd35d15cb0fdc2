import { AuthService } from '@cairn/contracts'
import { bindRpc, type RpcBinding } from '@cairn/service'
import type { AuthContext } from '../context.ts'
import { verifyAppPassword } from '../domain/app-passwords/verify-app-password.ts'
import { checkSession } from '../domain/sessions/check-session.ts'
import { fromStoreError } from '../errors.ts'
import { CHECK_MAX_AGE_SECONDS } from '../lifetimes.ts'

/** `cairn.auth.v1`, for every service that verifies credentials. */
export const rpc = (context: AuthContext): RpcBinding =>
  bindRpc(AuthService, {
    getVerificationKeys: () => mapped(async () => ({ jwksJson: JSON.stringify(await context.keys.jwks()) })),
    checkSession: ({ userId, sessionId }) =>
      mapped(async () => ({
        ...(isUuid(userId) && isUuid(sessionId)
          ? await checkSession(context, { userId, sessionId })
          : { active: false, admin: false }),
        maxAgeSeconds: CHECK_MAX_AGE_SECONDS
      })),
    verifyAppPassword: ({ username, secret }) =>
      mapped(async () => {
        const { account, appPassword, maxAgeSeconds } = await verifyAppPassword(context, username, secret)
        return {
          userId: account.user_id,
          appPasswordId: appPassword.app_password_id,
          scopes: appPassword.scopes,
          admin: account.admin,
          maxAgeSeconds
        }
      })
  })

const mapped = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw fromStoreError(error)
  }
}

const isUuid = (text: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(text)
