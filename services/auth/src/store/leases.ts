import { sql } from 'kysely'
import type { Writing } from './handles.ts'

export interface Lease {
  readonly name: string
  readonly holder: string
  readonly lifeMs: number
}

/** So that the next process need not wait for its end. */
export const releaseLease = async (tx: Writing, { name, holder }: Lease): Promise<void> => {
  await tx.deleteFrom('auth.lease').where('name', '=', name).where('holder', '=', holder).execute()
}

/** By the database's clock, so that replicas agree. True when held from now on. */
export const takeLease = async (tx: Writing, { name, holder, lifeMs }: Lease): Promise<boolean> => {
  const { rows } = await sql`
    insert into auth.lease as held (name, holder, expires_at)
    values (${name}, ${holder}, now() + ${lifeMs} * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where held.expires_at < now() or held.holder = excluded.holder
    returning name`.execute(tx)
  return rows.length > 0
}
