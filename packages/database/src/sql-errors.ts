import { DatabaseError } from './database.ts'

const SQL_STATE = /^[0-9A-Z]{5}$/

/** SQLSTATE of an error sent by the server; undefined for client-side failures. */
export const sqlState = (error: unknown): string | undefined => {
  const code = fieldOf(error, 'code')
  // A severity comes only from the server: it tells SQLSTATE 'EPIPE' lookalikes of Node apart.
  return code !== undefined && SQL_STATE.test(code) && fieldOf(error, 'severity') !== undefined ? code : undefined
}

/** Serialization failure or deadlock: running the whole transaction again may succeed. */
export const isTransactionConflict = (error: unknown): boolean => {
  const state = sqlState(error)
  return state === '40001' || state === '40P01'
}

/** True when the session behind the error can no longer be used. */
export const isConnectionLost = (error: unknown): boolean => {
  const state = sqlState(error)
  return state === undefined ? isClientFailure(error) : state.startsWith('08') || SESSION_ENDED.has(state)
}

/** Maps what the driver throws to DatabaseError; statement errors of the caller's making stay as they are. */
export const toDatabaseError = (error: unknown): unknown => {
  if (error instanceof DatabaseError) return error
  const state = sqlState(error)
  if (state === '23505') {
    const constraint = fieldOf(error, 'constraint')
    return new DatabaseError('unique_violation', `unique constraint ${constraint ?? ''} violated`, {
      cause: error,
      ...(constraint === undefined ? {} : { constraint })
    })
  }
  if (state === '55P03') return new DatabaseError('lock_timeout', 'a lock was not available in time', { cause: error })
  if (state === '53100') return new DatabaseError('disk_full', 'the database has no space left', { cause: error })
  if (isConnectionLost(error) || (state !== undefined && TEMPORARY.has(state))) {
    return new DatabaseError('unavailable', `database unavailable: ${messageOf(error)}`, { cause: error })
  }
  return error
}

/** Admin or crash shutdown, starting up, idle-in-transaction and transaction timeouts. */
const SESSION_ENDED = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25P04'])
/** Too many connections, out of memory, statement timeout, I/O error, a server demoted to read-only. */
const TEMPORARY = new Set(['53000', '53200', '53300', '57014', '58000', '58030', '25006'])

/** Messages of pg and pg-pool, which give their own failures no code. */
const CLIENT_FAILURES = [
  'Connection terminated',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'is not queryable',
  'Cannot use a pool after calling end',
  'driver has already been destroyed'
]

const isClientFailure = (error: unknown): boolean => {
  if (fieldOf(error, 'syscall') !== undefined) return true
  const code = fieldOf(error, 'code')
  if (code !== undefined && /^(E[A-Z]{3,}|ERR_SSL_|ERR_TLS_|CERT_)/.test(code)) return true
  const message = messageOf(error)
  return CLIENT_FAILURES.some((known) => message.includes(known))
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const fieldOf = (error: unknown, name: string): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' ? value : undefined
}
