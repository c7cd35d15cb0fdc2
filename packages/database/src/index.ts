export {
  type Database,
  DatabaseError,
  type DatabaseErrorCode,
  type Migration,
  type TransactionOptions
} from './database.ts'
export { MigrationError } from './migrations/migration-error.ts'
export { type DatabasePools, type DatabasePoolsOptions, openDatabasePools, type PoolStats } from './pools.ts'
