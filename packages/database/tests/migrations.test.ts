import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEmptyDatabase } from '@cairn/testing'
import { Client } from 'pg'
import { MigrationError } from '../src/index.ts'
import { runMigrations } from '../src/migrations/run-migrations.ts'

const first = { name: '20260101T0000-create-a', sql: 'create table shop.a (id int)' }
const second = { name: '20260102T0000-create-b', sql: 'create table shop.b (id int)' }

test('steps are applied once, in name order, whatever order they are given in', async () => {
  await using empty = await createEmptyDatabase()
  await runMigrations(empty.url, 'shop', [second, first])
  await runMigrations(empty.url, 'shop', [first, second])
  assert.deepEqual(await applied(empty.url), [first.name, second.name])
})

test('many processes starting at once apply each step once', async () => {
  await using empty = await createEmptyDatabase()
  const slow = { name: '20260103T0000-wait', sql: 'select pg_sleep(0.05); create table shop.c (id int)' }
  await Promise.all(Array.from({ length: 6 }, () => runMigrations(empty.url, 'shop', [first, second, slow])))
  assert.deepEqual(await applied(empty.url), [first.name, second.name, slow.name])
})

test('a step that fails leaves nothing behind and earlier steps stay', async () => {
  await using empty = await createEmptyDatabase()
  const broken = { name: '20260103T0000-break', sql: 'create table shop.half (id int); select 1/0' }
  await assert.rejects(runMigrations(empty.url, 'shop', [first, broken]), MigrationError)
  assert.deepEqual(await applied(empty.url), [first.name])
  assert.equal(await ask(empty.url, `select to_regclass('shop.half')::text as answer`), null)
})

test('an applied step whose text has changed is refused', async () => {
  await using empty = await createEmptyDatabase()
  await runMigrations(empty.url, 'shop', [first])
  await assert.rejects(runMigrations(empty.url, 'shop', [{ ...first, sql: `${first.sql} ` }]), /was changed/)
})

test('steps applied by a newer release are left alone', async () => {
  await using empty = await createEmptyDatabase()
  await runMigrations(empty.url, 'shop', [first, second])
  await runMigrations(empty.url, 'shop', [first])
  assert.deepEqual(await applied(empty.url), [first.name, second.name])
})

test('a schema made by the administrator is used without the right to create schemas', async () => {
  await using empty = await createEmptyDatabase()
  const role = `limited_${Date.now()}`
  await run(
    empty.url,
    `create role ${role} login password 'limited'; create schema shop authorization ${role};
     revoke create on database ${new URL(empty.url).pathname.slice(1)} from public`
  )
  const url = new URL(empty.url)
  url.username = role
  url.password = 'limited'
  await runMigrations(url.href, 'shop', [first])
  assert.deepEqual(await applied(empty.url), [first.name])
  await run(empty.url, `drop owned by ${role} cascade; drop role ${role}`)
})

const applied = async (url: string): Promise<unknown> =>
  ask(url, 'select array_agg(name order by name) as answer from shop.migration')

const ask = async (url: string, query: string): Promise<unknown> => {
  const [row] = await run(url, query)
  return row?.['answer']
}

const run = async (url: string, query: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(query)).rows
  } finally {
    await client.end()
  }
}
