import type { AuthContext } from '../../context.ts'
import type { AuditDetails } from '../../db/schema/journals.ts'
import { lastAdministrator, notFound } from '../../errors.ts'
import {
  type Account,
  type AccountChange,
  countActiveAdministrators,
  findAccount,
  isActive,
  lockAccount,
  releaseEmail,
  updateAccount
} from '../../store/accounts.ts'
import type { Writing } from '../../store/handles.ts'
import { lockSetup } from '../../store/setup.ts'
import { applyEmail } from '../accounts/change-email.ts'
import { requireEmail } from '../accounts/parse-new-account.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { SignedIn } from '../caller.ts'
import { announceAccessEnded, endAllAccess } from './end-access.ts'

export interface AdminChange {
  readonly admin?: boolean
  readonly disabled?: boolean
  readonly email?: string | null
}

/** Throws `not_found`, `name_taken`, or `conflict` when no active administrator would remain. */
export const changeAccount = async (
  context: AuthContext,
  caller: SignedIn,
  { userId, ...change }: AdminChange & { readonly userId: string }
): Promise<Account> => {
  const email = change.email === undefined || change.email === null ? undefined : requireEmail(change.email)
  const changed = await context.database.transaction(async (tx) => {
    const before = await lockForAdmin(tx, userId)
    if (change.email !== undefined) await applyEmail(context, tx, { account: before, email })
    await updateAccount(tx, userId, columnsOf(context, before, change))
    if (change.disabled === true) await endAllAccess(context, tx, { userId, reason: 'account_disabled' })
    await requireAdministrator(tx)
    await recordAudit(context, tx, {
      type: 'account.changed',
      caller,
      subjectId: userId,
      result: 'done',
      details: rights(before, change)
    })
    return (await findAccount(tx, userId)) ?? before
  })
  // Also after a change of role: verifiers must ask again.
  if (change.disabled === true || change.admin !== undefined) await announceAccessEnded(context, userId)
  return changed
}

/** The account stays as a tombstone: its name is never given to another. */
export const deleteAccount = async (context: AuthContext, caller: SignedIn, userId: string): Promise<void> => {
  await context.database.transaction(async (tx) => {
    const account = await lockForAdmin(tx, userId)
    const at = new Date(context.clock.now())
    await releaseEmail(tx, account)
    await updateAccount(tx, userId, {
      deleted_at: at,
      disabled_at: account.disabled_at ?? at,
      admin: false,
      password_hash: null,
      email: null,
      email_fold: null
    })
    await endAllAccess(context, tx, { userId, reason: 'account_deleted' })
    await requireAdministrator(tx)
    await recordAudit(context, tx, { type: 'account.deleted', caller, subjectId: userId, result: 'done' })
  })
  await announceAccessEnded(context, userId)
}

const lockForAdmin = async (tx: Writing, userId: string): Promise<Account> => {
  await lockSetup(tx)
  const account = await lockAccount(tx, userId)
  if (account === undefined || account.deleted_at !== null) throw notFound('user')
  return account
}

const requireAdministrator = async (tx: Writing): Promise<void> => {
  if ((await countActiveAdministrators(tx)) === 0) throw lastAdministrator()
}

const columnsOf = (context: AuthContext, before: Account, change: AdminChange): AccountChange => ({
  admin: change.admin ?? before.admin,
  disabled_at:
    change.disabled === undefined
      ? before.disabled_at
      : change.disabled
        ? (before.disabled_at ?? new Date(context.clock.now()))
        : null
})

const rights = (before: Account, change: AdminChange): AuditDetails => ({
  adminBefore: before.admin,
  adminAfter: change.admin ?? before.admin,
  disabledBefore: !isActive(before),
  disabledAfter: change.disabled ?? !isActive(before),
  ...(change.email === undefined ? {} : { field: 'email' })
})
