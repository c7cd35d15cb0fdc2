import { once } from 'node:events'
import { openDatabasePools } from '@cairn/database'
import { createSystemClock, createSystemRandom } from '@cairn/runtime'
import { createTestLogger } from '@cairn/testing'
import { connectBus } from './_fixture.ts'
import { applyEffect, ledgerMigrations } from './_ledger.ts'

/** A consumer in a process of its own. `poison` ends the process, `hang` stops after its effect. */
const [url = '', maxAttempts = '8'] = process.argv.slice(2)

const { bus } = await connectBus(url)
const pools = openDatabasePools({
  url,
  clock: createSystemClock(),
  random: createSystemRandom(),
  logger: createTestLogger().logger
})
const ledger = await pools.open('ledger', ledgerMigrations)

await bus.subscribe({
  name: 'ledger.book',
  topics: ['sale'],
  maxAttempts: Number(maxAttempts),
  handle: async ({ id, payload }) => {
    if (payload === 'poison') process.kill(process.pid, 'SIGKILL')
    await applyEffect(ledger, id)
    process.send?.({ handled: payload })
    if (payload === 'hang') await new Promise(() => {})
  }
})
process.send?.({ ready: true })
await once(process, 'disconnect')
process.exit(0)
