import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { isConnectionLost, toDatabaseError } from './sql-errors.ts'

/**
 * A pg pool as Kysely uses it, with two duties added: every failure leaves as DatabaseError where it is
 * one, and a connection whose session is lost or out of step is destroyed instead of going back.
 */
export const adaptPool = (pool: Pool, beforeConnect: () => void): PostgresPool => ({
  options: pool.options,
  connect: async () => {
    beforeConnect()
    try {
      return adaptClient(await pool.connect())
    } catch (error) {
      throw toDatabaseError(error)
    }
  },
  // The pool is shared by several schemas; whoever opened it ends it.
  end: async () => {}
})

const adaptClient = (client: PoolClient): PostgresPoolClient => {
  let lost = false
  const run = async <R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
    try {
      return (await client.query(sql, [...parameters])) as unknown as PostgresQueryResult<R>
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
