import type { AuthContext } from '../../context.ts'
import { REFRESH_IDLE_LIFE, REFRESH_TOTAL_LIFE } from '../../lifetimes.ts'
import type { Account } from '../../store/accounts.ts'
import { updateAccount } from '../../store/accounts.ts'
import type { Writing } from '../../store/handles.ts'
import { insertSession, type Session } from '../../store/sessions.ts'
import { rememberSource } from '../../store/sources.ts'
import type { Caller } from '../caller.ts'
import { sourceHash } from '../source-hash.ts'
import { refreshSecret } from '../tokens/refresh-token.ts'
import { hashSecret } from '../tokens/secret-hash.ts'

export interface SessionStart {
  readonly account: Account
  readonly caller: Caller
  /** What the owner will see in the list of sessions. */
  readonly device: string | undefined
}

const SEED_BYTES = 32

/** A new session of an account that the caller has locked and found active. */
export const startSession = async (context: AuthContext, tx: Writing, start: SessionStart): Promise<Session> => {
  const { account, caller, device } = start
  const now = context.clock.now()
  const at = new Date(now)
  const family = {
    userId: account.user_id,
    sessionId: context.random.uuid(),
    seed: context.random.bytes(SEED_BYTES)
  }
  const session: Session = {
    user_id: family.userId,
    session_id: family.sessionId,
    generation: 1,
    seed: family.seed,
    token_hash: hashSecret(refreshSecret(context.refreshKey, family, 1)),
    created_at: at,
    last_used_at: at,
    rotated_at: at,
    idle_expires_at: new Date(now + REFRESH_IDLE_LIFE),
    expires_at: new Date(now + REFRESH_TOTAL_LIFE),
    ended_at: null,
    end_reason: null,
    device: device ?? null,
    user_agent: caller.userAgent,
    ip: caller.ip
  }
  await insertSession(tx, session)
  await rememberSource(tx, { userId: account.user_id, sourceHash: sourceHash(context, caller), at })
  await updateAccount(tx, account.user_id, { last_sign_in_at: at })
  return session
}
