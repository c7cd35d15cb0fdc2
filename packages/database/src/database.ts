import type { Kysely, Transaction } from 'kysely'

/**
 * One service's schema in a PostgreSQL database (>= 15). SQL must run unchanged on 15 and 18 and
 * through PgBouncer in transaction mode: schema-qualified names, no session state, no advisory locks,
 * no NOTIFY. Isolation READ COMMITTED unless stated.
 */
export interface Database<Tables> {
  /** For single statements. Never use it inside an open transaction (it would deadlock the pool). */
  readonly query: Kysely<Tables>
  /**
   * Runs `work` in one transaction. Serialization failures and deadlocks (40001, 40P01) are retried
   * with jitter, so `work` must have no effect outside the database. A lost connection at COMMIT is
   * reported as DatabaseError `commit_unknown`: resolve it by idempotency key.
   */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>, options?: TransactionOptions): Promise<T>
  check(signal?: AbortSignal): Promise<void>
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read'
  readonly readOnly?: boolean
  /** Milliseconds to wait for a lock before failing with DatabaseError `lock_timeout`. */
  readonly lockTimeout?: number
}

export type DatabaseErrorCode = 'unavailable' | 'commit_unknown' | 'lock_timeout' | 'unique_violation' | 'disk_full'

export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode
  /** Name of the violated constraint, for unique_violation. */
  readonly constraint: string | undefined
  constructor(code: DatabaseErrorCode, message: string, options?: ErrorOptions & { constraint?: string }) {
    super(message, options)
    this.name = 'DatabaseError'
    this.code = code
    this.constraint = options?.constraint
  }
}

/** One forward step of a service's schema. Names sort by time: `20261123T2000-create-node`. */
export interface Migration {
  readonly name: string
  /** Plain SQL statements; runs in one transaction. Must be safe while the previous release still serves. */
  readonly sql: string
}
