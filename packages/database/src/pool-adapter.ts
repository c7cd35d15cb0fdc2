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

type Run = <R>(sql: string, parameters: readonly unknown[]) => Promise<PostgresQueryResult<R>>

const adaptClient = (client: PoolClient, names: StatementNames | undefined): PostgresPoolClient => {
  let lost = false
  const send: Run = async <R>(sql: string, parameters: readonly unknown[]) => {
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
    query: joinBegin(send) as PostgresPoolClient['query'],
    release: (destroy?: boolean) => client.release(lost || destroy === true)
  }
}

const READS = /^\s*select\b/i
const EMPTY: PostgresQueryResult<never> = { command: 'SELECT', rowCount: 0, rows: [] }

/**
 * BEGIN travels together with the transaction's first statement when that only reads or locks, and so costs no
 * round trip. Before anything that writes its success is awaited: a statement whose BEGIN had failed would commit alone.
 */
const joinBegin = (send: Run): Run => {
  let begin: Promise<unknown> | 'deferred' | undefined
  return async <R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
    if (sql === 'begin') {
      begin = 'deferred'
      return EMPTY
    }
    if (begin === undefined) return send(sql, parameters)
    if (begin === 'deferred') {
      begin = send('begin', [])
      begin.catch(() => undefined)
    }
    if (READS.test(sql)) {
      const [, result] = await Promise.all([begin, send<R>(sql, parameters)])
      return result
    }
    await begin
    begin = undefined
    return send(sql, parameters)
  }
}
