import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSystemClock, createSystemRandom } from '@cairn/runtime'
import { createTestLogger, waitFor } from '@cairn/testing'
import { DatabaseError, openDatabasePools } from '../src/index.ts'
import { createCuttingProxy } from './_cutting-proxy.ts'
import { createShop, migrations, type Tables } from './_fixtures.ts'

for (const when of ['before', 'after'] as const) {
  test(`a connection lost ${when} COMMIT reached the server is reported as commit_unknown`, async () => {
    await using shop = await createShop()
    await using proxy = await createCuttingProxy(shop.url, 'commit', when)
    await using pools = openDatabasePools({
      url: proxy.url,
      clock: createSystemClock(),
      random: createSystemRandom(),
      logger: createTestLogger().logger
    })
    // Migrated through the direct connection before: here there is nothing left to commit.
    const database = await pools.open<Tables>('shop', migrations)
    let runs = 0
    await assert.rejects(
      database.transaction(async (tx) => {
        runs += 1
        await tx.updateTable('shop.item').set({ stock: 3 }).where('id', '=', 1).execute()
      }),
      (error) => error instanceof DatabaseError && error.code === 'commit_unknown'
    )
    assert.equal(runs, 1, 'what may have happened is not done again')
    const expected = when === 'after' ? 3 : 10
    await waitFor(async () => {
      const rows = await shop.database.query.selectFrom('shop.item').select('stock').where('id', '=', 1).execute()
      return rows[0]?.stock === expected
    })
  })
}
