export { type BackoffOptions, backoffPause } from './backoff.ts'
export {
  type Database,
  DatabaseError,
  type DatabaseErrorCode,
  type Migration,
  type TransactionOptions
} from './database.ts'
export { MigrationError } from './migrations/migration-error.ts'
export { appendToOutbox } from './outbox/append-to-outbox.ts'
export type { OutboxMessage } from './outbox/outbox-message.ts'
export { outboxMigration } from './outbox/outbox-migration.ts'
export { createOutboxRelay, type OutboxRelay, type OutboxRelayOptions } from './outbox/outbox-relay.ts'
export type { OutboxLag } from './outbox/outbox-store.ts'
export { type DatabasePools, type DatabasePoolsOptions, openDatabasePools, type PoolStats } from './pools.ts'
export { createWakeup, type Wakeup } from './wakeup.ts'
