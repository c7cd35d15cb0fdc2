import type { Client } from 'pg'
import { sqlState } from '../sql-errors.ts'

const MAX_ATTEMPTS = 20

/** Creates the schema and the runner's own tables; safe when several processes do it at the same time. */
export const ensureMigrationTables = async (client: Client, schema: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // IF NOT EXISTS needs the CREATE privilege even where the schema exists: ask first.
      if (!(await exists(client, 'to_regnamespace', schema))) await client.query(`create schema ${schema}`)
      await client.query(tables(schema))
      return
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !CREATED_MEANWHILE.has(sqlState(error) ?? '')) throw error
    }
  }
}

/** IF NOT EXISTS is not atomic in PostgreSQL: a concurrent creation surfaces as one of these. */
const CREATED_MEANWHILE = new Set(['23505', '42P06', '42P07', '42710', '40P01'])

const exists = async (client: Client, lookup: 'to_regnamespace', name: string): Promise<boolean> => {
  const { rows } = await client.query<{ present: boolean }>(`select ${lookup}($1) is not null as present`, [name])
  return rows[0]?.present === true
}

const tables = (schema: string): string => `
  create table if not exists ${schema}.migration (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
  );
  create table if not exists ${schema}.migration_lock (
    id smallint primary key check (id = 1)
  );
  insert into ${schema}.migration_lock (id) values (1) on conflict do nothing;
`
