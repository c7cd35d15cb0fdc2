import { createHash } from 'node:crypto'
import { Client } from 'pg'
import type { Migration } from '../database.ts'
import { toDatabaseError } from '../sql-errors.ts'
import { MigrationError } from './migration-error.ts'
import { ensureMigrationTables } from './migration-tables.ts'

interface Step extends Migration {
  readonly checksum: string
}

/**
 * Brings one schema up to date. Steps run in name order, each in its own transaction together with its
 * record, while the row of `<schema>.migration_lock` is held: several processes may start at once.
 * Applied names this release does not know are left alone, so that an older release can be put back.
 */
export const runMigrations = async (url: string, schema: string, migrations: readonly Migration[]): Promise<void> => {
  const steps = orderedSteps(schema, migrations)
  if (steps.length === 0) return
  // A connection of its own: migrations may take longer than any statement timeout of the pool.
  const client = new Client({
    connectionString: url,
    application_name: 'cairn-migrate',
    connectionTimeoutMillis: 10_000
  })
  client.on('error', () => {})
  try {
    await client.connect()
    if (await isUpToDate(client, schema, steps)) return
    await ensureMigrationTables(client, schema)
    for (const step of steps) await applyOnce(client, schema, step)
  } catch (error) {
    throw toDatabaseError(error)
  } finally {
    await client.end().catch(() => {})
  }
}

const orderedSteps = (schema: string, migrations: readonly Migration[]): readonly Step[] => {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema)) throw new MigrationError(`schema name ${schema} is not valid`)
  const steps = migrations.map((migration) => ({
    ...migration,
    checksum: createHash('sha256').update(migration.sql).digest('hex')
  }))
  if (new Set(steps.map((step) => step.name)).size !== steps.length) {
    throw new MigrationError(`two migrations of schema ${schema} have the same name`)
  }
  return steps.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const isUpToDate = async (client: Client, schema: string, steps: readonly Step[]): Promise<boolean> => {
  const { rows } = await client.query<{ present: boolean }>('select to_regclass($1) is not null as present', [
    `${schema}.migration`
  ])
  if (rows[0]?.present !== true) return false
  const applied = await client.query<{ name: string; checksum: string }>(
    `select name, checksum from ${schema}.migration`
  )
  const checksums = new Map(applied.rows.map((row) => [row.name, row.checksum]))
  return steps.every((step) => {
    const known = checksums.get(step.name)
    if (known !== undefined) assertUnchanged(schema, step, known)
    return known !== undefined
  })
}

const applyOnce = async (client: Client, schema: string, step: Step): Promise<void> => {
  await client.query('begin')
  try {
    await client.query(`select 1 from ${schema}.migration_lock where id = 1 for update`)
    const { rows } = await client.query<{ checksum: string }>(
      `select checksum from ${schema}.migration where name = $1`,
      [step.name]
    )
    const known = rows[0]?.checksum
    if (known === undefined) {
      await client.query(step.sql)
      await client.query(`insert into ${schema}.migration (name, checksum) values ($1, $2)`, [step.name, step.checksum])
    } else {
      assertUnchanged(schema, step, known)
    }
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    if (error instanceof MigrationError) throw error
    const mapped = toDatabaseError(error)
    if (mapped !== error) throw mapped
    throw new MigrationError(`migration ${step.name} of schema ${schema} failed`, { cause: error })
  }
}

const assertUnchanged = (schema: string, step: Step, known: string): void => {
  if (known !== step.checksum) {
    throw new MigrationError(`migration ${step.name} of schema ${schema} was changed after it had been applied`)
  }
}
