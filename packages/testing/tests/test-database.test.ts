import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../src/index.ts'

const migrations = [{ name: '20260101T0000-create-note', sql: 'create table notes.note (id int8 primary key)' }]

interface Tables {
  'notes.note': { id: number }
}

test('each test database is fresh and migrated', async () => {
  await using first = await createTestDatabase<Tables>({ schema: 'notes', migrations })
  await using second = await createTestDatabase<Tables>({ schema: 'notes', migrations })
  await first.database.query
    .insertInto('notes.note')
    .values({ id: 2 ** 40 })
    .execute()
  assert.deepEqual(await first.database.query.selectFrom('notes.note').selectAll().execute(), [{ id: 2 ** 40 }])
  assert.deepEqual(await second.database.query.selectFrom('notes.note').selectAll().execute(), [])
  assert.notEqual(first.url, second.url)
})
