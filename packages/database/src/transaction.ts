import type { Clock, Random } from '@cairn/runtime'
import { type ControlledTransaction, type Kysely, sql, type Transaction } from 'kysely'
import { DatabaseError, type TransactionOptions } from './database.ts'
import { isTransactionConflict } from './sql-errors.ts'

const MAX_ATTEMPTS = 8
const FIRST_PAUSE_MS = 5
const MAX_PAUSE_MS = 250

export interface TransactionContext {
  readonly clock: Clock
  readonly random: Random
}

/** Implements Database.transaction: begin, work, commit, with conflicts retried from the start. */
export const runTransaction = async <Tables, T>(
  query: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<T>,
  { clock, random, ...options }: TransactionOptions & TransactionContext
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(query, work, options)
    } catch (error) {
      if (!isTransactionConflict(error)) throw error
      if (attempt === MAX_ATTEMPTS) {
        throw new DatabaseError('unavailable', `transaction conflicted ${attempt} times`, { cause: error })
      }
    }
    await clock.sleep(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * random.unit())
  }
}

const runOnce = async <Tables, T>(
  query: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<T>,
  options: TransactionOptions
): Promise<T> => {
  const tx = await begin(query, options)
  let result: T
  try {
    if (options.lockTimeout !== undefined) {
      await sql`select set_config('lock_timeout', ${`${Math.ceil(options.lockTimeout)}ms`}, true)`.execute(tx)
    }
    result = await work(tx)
  } catch (error) {
    await rollbackQuietly(tx)
    throw error
  }
  await commit(tx)
  return result
}

const begin = <Tables>(query: Kysely<Tables>, options: TransactionOptions): Promise<ControlledTransaction<Tables>> => {
  let builder = query.startTransaction()
  if (options.isolation === 'repeatable read') builder = builder.setIsolationLevel('repeatable read')
  if (options.readOnly === true) builder = builder.setAccessMode('read only')
  return builder.execute()
}

const commit = async <Tables>(tx: ControlledTransaction<Tables>): Promise<void> => {
  try {
    await tx.commit().execute()
  } catch (error) {
    await rollbackQuietly(tx)
    // The server may have committed before the connection went away: only the caller's key can tell.
    if (error instanceof DatabaseError && error.code === 'unavailable') {
      throw new DatabaseError('commit_unknown', 'connection lost at commit', { cause: error })
    }
    throw error
  }
}

const rollbackQuietly = async <Tables>(tx: ControlledTransaction<Tables>): Promise<void> => {
  try {
    await tx.rollback().execute()
  } catch {
    // The failure that led here is the one to report; a connection that cannot roll back is destroyed.
  }
}
