import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { sql, type Transaction } from 'kysely'
import { Client } from 'pg'
import { DatabaseError } from '../src/index.ts'
import { createShop, type Tables } from './_fixtures.ts'

test('a transaction commits as a whole or not at all', async () => {
  await using shop = await createShop()
  await assert.rejects(
    shop.database.transaction(async (tx) => {
      await tx.updateTable('shop.item').set({ stock: 0 }).where('id', '=', 1).execute()
      throw new Error('changed my mind')
    }),
    /changed my mind/
  )
  await shop.database.transaction(async (tx) => {
    await tx.updateTable('shop.item').set({ stock: 5 }).where('id', '=', 2).execute()
  })
  assert.deepEqual(await stocks(shop.database.query), [10, 5])
})

test('a transaction handle refuses to work after its end', async () => {
  await using shop = await createShop()
  const leaked = await shop.database.transaction(async (tx) => ({ tx }))
  await assert.rejects(leaked.tx.selectFrom('shop.item').selectAll().execute(), /already committed/)
})

test('the root handle refuses to work inside an open transaction, which could starve the pool', async () => {
  await using shop = await createShop()
  await assert.rejects(
    shop.database.transaction(() => stocks(shop.database.query)),
    /root handle/
  )
  assert.deepEqual(await stocks(shop.database.query), [10, 10])
})

test('deadlocked transactions are run again until both succeed', async () => {
  await using shop = await createShop()
  let arrived = 0
  const bothHoldOne = Promise.withResolvers<void>()
  const take = async (tx: Transaction<Tables>, id: number) => {
    await tx
      .updateTable('shop.item')
      .set((row) => ({ stock: row('stock', '-', 1) }))
      .where('id', '=', id)
      .execute()
  }
  const takeBoth = (first: number, second: number) =>
    shop.database.transaction(async (tx) => {
      await take(tx, first)
      arrived += 1
      if (arrived === 2) bothHoldOne.resolve()
      await bothHoldOne.promise
      await take(tx, second)
    })
  await Promise.all([takeBoth(1, 2), takeBoth(2, 1)])
  assert.ok(arrived >= 3, 'one of the two was run again')
  assert.deepEqual(await stocks(shop.database.query), [8, 8])
})

test('repeatable read transactions that conflict are run again', async () => {
  await using shop = await createShop()
  const buyOne = () =>
    shop.database.transaction(
      async (tx) => {
        const { stock } = await tx.selectFrom('shop.item').select('stock').where('id', '=', 1).executeTakeFirstOrThrow()
        await tx
          .updateTable('shop.item')
          .set({ stock: stock - 1 })
          .where('id', '=', 1)
          .execute()
      },
      { isolation: 'repeatable read' }
    )
  await Promise.all([buyOne(), buyOne(), buyOne(), buyOne()])
  assert.deepEqual(await stocks(shop.database.query), [6, 10])
})

test('a lock that is not free in time is reported as lock_timeout', async () => {
  await using shop = await createShop()
  const held = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const holder = shop.database.transaction(async (tx) => {
    await sql`select 1 from shop.item where id = 1 for update`.execute(tx)
    held.resolve()
    await release.promise
  })
  await held.promise
  await assert.rejects(
    shop.database.transaction((tx) => sql`select 1 from shop.item where id = 1 for update`.execute(tx), {
      lockTimeout: 50
    }),
    (error) => error instanceof DatabaseError && error.code === 'lock_timeout'
  )
  release.resolve()
  await holder
})

test('a unique violation names its constraint', async () => {
  await using shop = await createShop()
  await assert.rejects(
    shop.database.query.insertInto('shop.item').values({ id: 3, name: 'one', stock: 0 }).execute(),
    (error) =>
      error instanceof DatabaseError && error.code === 'unique_violation' && error.constraint === 'item_name_key'
  )
})

test('read only transactions cannot write', async () => {
  await using shop = await createShop()
  await assert.rejects(
    shop.database.transaction((tx) => tx.deleteFrom('shop.item').execute(), { readOnly: true }),
    /read-only transaction/
  )
})

test('a connection killed in the middle is reported as unavailable and replaced', async () => {
  await using shop = await createShop()
  await assert.rejects(
    shop.database.transaction(async (tx) => {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)
    }),
    (error) => error instanceof DatabaseError && error.code === 'unavailable'
  )
  assert.deepEqual(await stocks(shop.database.query), [10, 10])
})

test('a connection killed between two statements of a transaction does not end the process', async () => {
  await using shop = await createShop()
  await assert.rejects(
    shop.database.transaction(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await terminate(shop.url, rows[0]?.pid)
      await sql`select 1`.execute(tx)
    }),
    (error) => error instanceof DatabaseError && error.code === 'unavailable'
  )
  await waitFor(() => shop.database.check().then(() => true))
})

test('whole numbers beyond what JavaScript can hold are an error, never rounded', async () => {
  await using shop = await createShop()
  const { rows } = await sql<{ largest: number }>`select 9007199254740991::int8 as largest`.execute(shop.database.query)
  assert.equal(rows[0]?.largest, Number.MAX_SAFE_INTEGER)
  await assert.rejects(sql`select 9007199254740993::int8`.execute(shop.database.query), /does not fit/)
  assert.deepEqual(await stocks(shop.database.query), [10, 10])
})

test('check fails when the server is not there and obeys its signal', async () => {
  await using shop = await createShop()
  await shop.database.check(AbortSignal.timeout(5_000))
  await assert.rejects(shop.database.check(AbortSignal.abort(new Error('enough'))), /enough/)
})

const stocks = async (query: Awaited<ReturnType<typeof createShop>>['database']['query']): Promise<number[]> =>
  (await query.selectFrom('shop.item').select('stock').orderBy('id').execute()).map((row) => row.stock)

const terminate = async (url: string, pid: number | undefined): Promise<void> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('select pg_terminate_backend($1)', [pid])
  await client.end()
}
