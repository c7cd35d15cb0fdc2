import type { AuthContext } from '../../context.ts'
import { invalidRequest, notFound } from '../../errors.ts'
import { INVITE_LIFE, INVITE_MAX_LIFE } from '../../lifetimes.ts'
import { deleteInvite, type Invite, insertInvite } from '../../store/invites.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'
import { formatInviteToken } from '../tokens/invite-token.ts'
import { SECRET_BYTES } from '../tokens/keyed-token.ts'
import { hashSecret } from '../tokens/secret-hash.ts'

export interface NewInvite {
  readonly note: string
  readonly expiresAt: Date | undefined
}

export interface CreatedInvite {
  readonly row: Invite
  /** Never to be seen again. */
  readonly token: string
  readonly url: string
}

export const createInvite = async (
  context: AuthContext,
  caller: SignedIn,
  request: NewInvite
): Promise<CreatedInvite> => {
  const now = context.clock.now()
  const expires = request.expiresAt?.getTime() ?? now + INVITE_LIFE
  if (expires <= now || expires > now + INVITE_MAX_LIFE) {
    throw invalidRequest('An invitation expires in the future, within 90 days')
  }
  const secret = context.random.bytes(SECRET_BYTES)
  const row: Invite = {
    invite_id: context.random.uuid(),
    secret_hash: hashSecret(secret),
    note: request.note,
    created_by: caller.userId,
    created_at: new Date(now),
    expires_at: new Date(expires),
    used_at: null,
    used_by: null
  }
  await context.database.transaction(async (tx) => {
    await insertInvite(tx, row)
    await recordAudit(context, tx, {
      type: 'invite.created',
      caller,
      subjectId: undefined,
      result: 'done',
      details: { inviteId: row.invite_id }
    })
  })
  const token = formatInviteToken({ inviteId: row.invite_id, secret })
  return { row, token, url: `${context.publicOrigin}/register#invite=${token}` }
}

/** Withdraws one that was not used. Throws `not_found`. */
export const withdrawInvite = (context: AuthContext, caller: SignedIn, inviteId: string): Promise<void> =>
  context.database.transaction(async (tx) => {
    if (!(await deleteInvite(tx, inviteId))) throw notFound('open invitation')
    await recordAudit(context, tx, {
      type: 'invite.deleted',
      caller,
      subjectId: undefined,
      result: 'done',
      details: { inviteId }
    })
  })
