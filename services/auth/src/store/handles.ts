import type { Kysely, Transaction } from 'kysely'
import type { AuthTables } from '../db/schema/index.ts'

/** Enough to read: the root handle or an open transaction. */
export type Reading = Kysely<AuthTables>

/** Whoever changes anything has to hold a transaction. */
export type Writing = Transaction<AuthTables>
