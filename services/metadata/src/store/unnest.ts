import { type RawBuilder, sql } from 'kysely'

type SqlType = 'uuid' | 'text' | 'bigint' | 'int' | 'bytea' | 'jsonb'

/** How rows of one kind become columns: name → PostgreSQL type and value. */
export type ColumnMap<Row> = Readonly<Record<string, readonly [SqlType, (row: Row) => unknown]>>

/** Column names in order, for an insert's list or a select. */
export const columnNames = <Row>(columns: ColumnMap<Row>): RawBuilder<unknown> =>
  sql.raw(Object.keys(columns).join(', '))

/** `unnest(…) as <alias> (…)`: any number of rows in one array parameter per column. */
export const unnestRows = <Row>(columns: ColumnMap<Row>, rows: readonly Row[], alias = 'x'): RawBuilder<unknown> => {
  const arrays = Object.values(columns).map(([type, value]) => sql`${rows.map(value)}::${sql.raw(`${type}[]`)}`)
  return sql`unnest(${sql.join(arrays)}) as ${sql.raw(alias)} (${columnNames(columns)})`
}
