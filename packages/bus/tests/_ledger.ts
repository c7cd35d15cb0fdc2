import type { Database, Migration } from '@cairn/database'
import { sql } from 'kysely'
import { createInbox } from '../src/index.ts'

const inbox = createInbox('ledger')

export const ledgerMigrations: readonly Migration[] = [
  inbox.migration,
  {
    name: '20260101T0000-create-total',
    sql: 'create table ledger.total (id int primary key, amount int not null); insert into ledger.total values (1, 0)'
  }
]

/** Adds one to the total, once per message. False when this message had its effect before. */
export const applyEffect = <Tables>(ledger: Database<Tables>, messageId: string): Promise<boolean> =>
  ledger.transaction(async (tx) => {
    if (!(await inbox.once(tx, 'ledger.book', messageId))) return false
    await sql`update ledger.total set amount = amount + 1 where id = 1`.execute(tx)
    return true
  })

export const totalOf = async <Tables>(ledger: Database<Tables>): Promise<number> => {
  const { rows } = await sql<{ amount: number }>`select amount from ledger.total`.execute(ledger.query)
  return rows[0]?.amount ?? Number.NaN
}

export const forgetAll = <Tables>(ledger: Database<Tables>): Promise<number> => inbox.forget(ledger.query, -1_000)
