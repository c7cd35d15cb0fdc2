import type { Database } from '@cairn/database'
import { type RawBuilder, sql } from 'kysely'

/** Runs one statement on the bus's database. */
export type Run = <Row>(statement: RawBuilder<Row>) => Promise<readonly Row[]>

export const createRun =
  <Tables>(database: Database<Tables>): Run =>
  async (statement) =>
    (await statement.execute(database.query)).rows

/**
 * First part of a WITH whose commit need not wait for the disk: losing it to a power cut means that
 * messages are delivered a second time, which handlers expect. Statements must select from `relaxed`.
 */
export const relaxed = sql`relaxed as materialized (select set_config('synchronous_commit', 'off', true))`
