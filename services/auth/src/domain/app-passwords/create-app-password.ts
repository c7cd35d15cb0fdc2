import type { AuthContext } from '../../context.ts'
import { invalidRequest, sessionNeeded } from '../../errors.ts'
import { isActive, lockAccount } from '../../store/accounts.ts'
import { type AppPassword, insertAppPassword, listAppPasswords } from '../../store/app-passwords.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'
import { APP_PASSWORD_RANDOM_BYTES, formatAppPassword } from '../tokens/app-password-secret.ts'
import { hashSecret } from '../tokens/secret-hash.ts'
import type { Scope } from './scopes.ts'

export interface NewAppPassword {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date | undefined
}

export interface CreatedAppPassword {
  readonly row: AppPassword
  /** Never to be seen again. */
  readonly secret: string
}

const MOST = 100

export const createAppPassword = async (
  context: AuthContext,
  caller: SignedIn,
  request: NewAppPassword
): Promise<CreatedAppPassword> => {
  const { userId } = caller
  const now = context.clock.now()
  if (request.expiresAt !== undefined && request.expiresAt.getTime() <= now) {
    throw invalidRequest('The expiry lies in the past')
  }
  const random = context.random.bytes(APP_PASSWORD_RANDOM_BYTES)
  const row: AppPassword = {
    user_id: userId,
    app_password_id: context.random.uuid(),
    secret_hash: hashSecret(random),
    name: request.name,
    scopes: [...new Set(request.scopes)].sort(),
    created_at: new Date(now),
    last_used_at: null,
    expires_at: request.expiresAt ?? null,
    revoked_at: null
  }
  await context.database.transaction(async (tx) => {
    // Serialised with disabling, which ends what there is.
    const account = await lockAccount(tx, userId)
    if (account === undefined || !isActive(account)) throw sessionNeeded()
    const existing = await listAppPasswords(tx, userId)
    if (existing.length >= MOST) throw invalidRequest(`There are ${MOST} app passwords already; revoke one first`)
    await insertAppPassword(tx, row)
    await recordAudit(context, tx, {
      type: 'app_password.created',
      caller,
      subjectId: userId,
      result: 'done',
      details: { appPasswordId: row.app_password_id, name: row.name, scopes: row.scopes.join(' ') }
    })
  })
  return { row, secret: formatAppPassword({ userId, random }) }
}
