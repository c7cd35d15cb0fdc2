import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock, Logger, Random } from '@cairn/runtime'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Pool } from 'pg'
import type { Database, Migration, TransactionOptions } from './database.ts'
import { runMigrations } from './migrations/run-migrations.ts'
import { adaptPool } from './pool-adapter.ts'
import { resultTypes } from './result-types.ts'
import { createStatementNames, type StatementNames } from './statement-names.ts'
import { runTransaction } from './transaction.ts'

export interface DatabasePoolsOptions {
  /** Where schemas live unless `urls` names another place, `postgres://user:password@host/database`. */
  readonly url: string
  /** Schema name → URL. Schemas with equal URLs share one pool. */
  readonly urls?: Readonly<Record<string, string>>
  /** Connections per distinct URL; default 10. */
  readonly maxConnections?: number
  /** Wait for a connection, milliseconds; default 5000. */
  readonly connectionTimeout?: number
  /** A statement is cancelled after this many milliseconds; default 30000. */
  readonly statementTimeout?: number
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** The process's connections to PostgreSQL. */
export interface DatabasePools {
  /** Migrates the schema, then opens it. */
  open<Tables>(schema: string, migrations: readonly Migration[]): Promise<Database<Tables>>
  /** Connections per pool, for metrics. */
  stats(): readonly PoolStats[]
  /** Waits for connections in use, then closes all. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface PoolStats {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

interface OpenPool {
  readonly pool: Pool
  readonly statementNames: StatementNames | undefined
}

export const openDatabasePools = (options: DatabasePoolsOptions): DatabasePools => {
  const pools = new Map<string, OpenPool>()
  const openTransaction = new AsyncLocalStorage<{ open: boolean }>()

  const poolFor = (url: string): OpenPool => {
    const existing = pools.get(url)
    if (existing !== undefined) return existing
    // Behind PgBouncer a session may be another one at the next statement.
    const statementNames = isPgBouncer(url) ? undefined : createStatementNames()
    const created = { pool: createPool(url, options), statementNames }
    pools.set(url, created)
    return created
  }

  const refuseInsideTransaction = () => {
    if (openTransaction.getStore()?.open === true) {
      throw new Error('the root handle was used inside an open transaction; use the transaction handle')
    }
  }

  const bind = <Tables>({ pool, statementNames }: OpenPool): Database<Tables> => {
    const dialect = new PostgresDialect({
      pool: adaptPool(pool, { beforeConnect: refuseInsideTransaction, statementNames })
    })
    const query = new Kysely<Tables>({ dialect })
    return {
      query,
      transaction: <T>(work: (tx: Transaction<Tables>) => Promise<T>, settings?: TransactionOptions) => {
        const scope = { open: false }
        const guarded = (tx: Transaction<Tables>) => {
          scope.open = true
          return openTransaction
            .run(scope, () => work(tx))
            .finally(() => {
              scope.open = false
            })
        }
        return runTransaction(query, guarded, { ...settings, clock: options.clock, random: options.random })
      },
      check: async (signal) => {
        await abortable(sql`select 1`.execute(query), signal)
      }
    }
  }

  return {
    open: async (schema, migrations) => {
      const url = options.urls?.[schema] ?? options.url
      await runMigrations(url, schema, migrations)
      return bind(poolFor(url))
    },
    stats: () =>
      [...pools.values()].map(({ pool }) => ({
        total: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount
      })),
    [Symbol.asyncDispose]: async () => {
      const all = [...pools.values()]
      pools.clear()
      await Promise.all(all.map(({ pool }) => pool.end()))
    }
  }
}

const createPool = (url: string, options: DatabasePoolsOptions): Pool => {
  const statementTimeout = options.statementTimeout ?? 30_000
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectionTimeout ?? 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'cairn',
    // PgBouncer refuses unknown startup parameters, so behind it only our own timer bounds a statement.
    ...(isPgBouncer(url) ? {} : { statement_timeout: statementTimeout, options: PLANNER }),
    query_timeout: statementTimeout + 2_000,
    types: resultTypes,
    // Statements of one transaction that do not need each other's answers may be sent together.
    pipeline: true
  })
  pool.on('error', (error) => options.logger.warn({ err: error }, 'idle database connection lost'))
  // Without a listener of ours a connection lost while checked out, between two queries, would end the process.
  pool.on('connect', (client) =>
    client.on('error', (error) => options.logger.debug({ err: error }, 'database connection lost'))
  )
  return pool
}

/**
 * Every hot statement looks rows up by key. Plans are made once per session; made on a table that is still tiny, they
 * would scan it for as long as nobody analyses it, so scans are priced out wherever an index serves.
 */
const PLANNER = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c random_page_cost=1.1 -c jit=off'

const isPgBouncer = (url: string): boolean => /[?&]pgbouncer=true(&|$)/.test(url)

const abortable = <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return work
  signal.throwIfAborted()
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
