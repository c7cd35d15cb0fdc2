import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { isConnectionLost, toDatabaseError } from './sql-errors.ts'
import type { StatementNames } from './statement-names.ts'

/**
 * A pg pool as Kysely uses it, with two duties added: every failure leaves as DatabaseError where it is
 * one, and a connection whose session is lost or out of step is destroyed instead of going back.
 */
export const adaptPool = (pool: Pool, options: AdaptOptions): PostgresPool => ({
  options: pool.options,
  connect: async () => {
    options.beforeConnect()
    try {
      return adaptClient(await pool.connect(), options.statementNames)
    } catch (error) {
      throw toDatabaseError(error)
    }
  },
  // The pool is shared by several schemas; whoever opened it ends it.
  end: async () => {}
})

export interface AdaptOptions {
  readonly beforeConnect: () => void
  /** Statements to prepare; undefined where sessions are not ours to keep them in. */
  readonly statementNames: StatementNames | undefined
}

const adaptClient = (client: PoolClient, names: StatementNames | undefined): PostgresPoolClient => {
  let lost = false
  const run = async <R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
    try {
      const name = parameters.length > 0 ? names?.nameOf(sql) : undefined
      const query = { text: sql, values: [...parameters], ...(name !== undefined && { name }) }
      return (await client.query(query)) as unknown as PostgresQueryResult<R>
    } catch (error) {
      lost ||= isConnectionLost(error)
      throw toDatabaseError(error)
    }
  }
  return {
    query: run as PostgresPoolClient['query'],
    release: (destroy?: boolean) => client.release(lost || destroy === true)
  }
}
