import type { Selectable } from 'kysely'
import type { AccountTable } from '../db/schema/account.ts'
import type { Email } from '../domain/names/email.ts'
import type { Username } from '../domain/names/username.ts'
import type { Reading, Writing } from './handles.ts'

export type Account = Selectable<AccountTable>

export interface NewAccount {
  readonly userId: string
  readonly username: Username
  readonly email: Email | undefined
  readonly passwordHash: string | null
  readonly admin: boolean
  readonly at: Date
}

export const isActive = (account: Pick<Account, 'disabled_at' | 'deleted_at'>): boolean =>
  account.disabled_at === null && account.deleted_at === null

export const findAccount = (db: Reading, userId: string): Promise<Account | undefined> =>
  db.selectFrom('auth.account').selectAll().where('user_id', '=', userId).executeTakeFirst()

/** Whatever changes an account's rights or credentials serialises here. */
export const lockAccount = (tx: Writing, userId: string): Promise<Account | undefined> =>
  tx.selectFrom('auth.account').selectAll().where('user_id', '=', userId).forUpdate().executeTakeFirst()

export const findUserIdByUsername = async (db: Reading, fold: string): Promise<string | undefined> =>
  (await db.selectFrom('auth.username').select('user_id').where('name_fold', '=', fold).executeTakeFirst())?.user_id

export const findUserIdByEmail = async (db: Reading, fold: string): Promise<string | undefined> =>
  (await db.selectFrom('auth.email').select('user_id').where('email_fold', '=', fold).executeTakeFirst())?.user_id

/** False when the name or the address belongs to another account; the transaction must then be given up. */
export const insertAccount = async (tx: Writing, account: NewAccount): Promise<boolean> => {
  const { userId, username, email, at } = account
  if (!(await claimUsername(tx, username.fold, userId))) return false
  if (email !== undefined && !(await claimEmail(tx, email.fold, userId))) return false
  await tx
    .insertInto('auth.account')
    .values({
      user_id: userId,
      name: username.text,
      name_fold: username.fold,
      email: email?.text ?? null,
      email_fold: email?.fold ?? null,
      password_hash: account.passwordHash,
      password_changed_at: account.passwordHash === null ? null : at,
      admin: account.admin,
      disabled_at: null,
      deleted_at: null,
      created_at: at,
      last_sign_in_at: null
    })
    .execute()
  return true
}

const claimUsername = async (tx: Writing, fold: string, userId: string): Promise<boolean> => {
  const inserted = await tx
    .insertInto('auth.username')
    .values({ name_fold: fold, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
}

const claimEmail = async (tx: Writing, fold: string, userId: string): Promise<boolean> => {
  const inserted = await tx
    .insertInto('auth.email')
    .values({ email_fold: fold, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** False when the address belongs to another account. */
export const replaceEmail = async (tx: Writing, account: Account, email: Email | undefined): Promise<boolean> => {
  if (email?.fold !== account.email_fold) {
    if (email !== undefined && !(await claimEmail(tx, email.fold, account.user_id))) return false
    await releaseEmail(tx, account)
  }
  await updateAccount(tx, account.user_id, { email: email?.text ?? null, email_fold: email?.fold ?? null })
  return true
}

export const releaseEmail = async (tx: Writing, account: Account): Promise<void> => {
  if (account.email_fold === null) return
  await tx
    .deleteFrom('auth.email')
    .where('email_fold', '=', account.email_fold)
    .where('user_id', '=', account.user_id)
    .execute()
}

export type AccountChange = Partial<Omit<Account, 'user_id' | 'name' | 'name_fold' | 'created_at'>>

export const updateAccount = async (tx: Writing, userId: string, change: AccountChange): Promise<void> => {
  await tx.updateTable('auth.account').set(change).where('user_id', '=', userId).execute()
}

/** One page by fold, all shards. Deleted accounts are left out. */
export const listAccounts = (db: Reading, page: { after: string; limit: number }): Promise<Account[]> =>
  db
    .selectFrom('auth.account')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where('name_fold', '>', page.after)
    .orderBy('name_fold')
    .limit(page.limit)
    .execute()

/** All shards. */
export const listActiveAdministrators = (db: Reading, limit: number): Promise<Account[]> =>
  db
    .selectFrom('auth.account')
    .selectAll()
    .where('admin', '=', true)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .limit(limit)
    .execute()

/** Call with the set-up row locked, else two demotions may both see the other's administrator. */
export const countActiveAdministrators = async (tx: Writing): Promise<number> => {
  const { count } = await tx
    .selectFrom('auth.account')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('admin', '=', true)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}
