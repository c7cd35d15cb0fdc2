import { type Database, type Migration, outboxMigration } from '@cairn/database'
import type { Transaction } from 'kysely'
import { createTree } from './migrations/20261123T2000-create-tree.ts'

export const SCHEMA = 'metadata'

export const migrations: readonly Migration[] = [outboxMigration(SCHEMA), createTree]

export type MetadataDatabase = Database<unknown>
export type MetadataTransaction = Transaction<unknown>
/** Reads run on either: alone, or as part of a transaction. */
export type Queryable = MetadataDatabase['query'] | MetadataTransaction

/** Every key starts with the vault. */
export interface DriveKey {
  readonly vaultId: string
  readonly driveId: string
}
