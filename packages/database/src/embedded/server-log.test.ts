import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualClock, createTestLogger } from '@cairn/testing'
import { createServerLog, READY_MESSAGE } from './server-log.ts'

const setUp = () => {
  const clock = createManualClock()
  const { logger, records } = createTestLogger()
  let ready = 0
  const log = createServerLog({
    logger,
    clock,
    onReady: () => {
      ready += 1
    }
  })
  return { clock, records, log, ready: () => ready }
}

const LEVELS = { debug: 20, warn: 40, error: 50 }

test('lines arrive at matching levels, whatever way the stream is cut', () => {
  const { records, log, ready } = setUp()
  const text = `LOG:  ${READY_MESSAGE}\nERROR:  division by zero\nWARNING:  odd\nFATAL:  no room\nPANIC:  broken\n`
  for (const piece of text.match(/.{1,7}/gs) ?? []) log.write(piece)
  assert.deepEqual(
    records.map(({ level }) => level),
    [LEVELS.debug, LEVELS.debug, LEVELS.warn, LEVELS.warn, LEVELS.error]
  )
  assert.equal(ready(), 1)
  assert.match(log.tail(), /PANIC: {2}broken$/)
})

test('lines that may quote stored values are dropped', () => {
  const { records, log } = setUp()
  log.write('DETAIL:  Key (email)=(someone@example.org) already exists.\nSTATEMENT:  select secret\n')
  assert.deepEqual(records, [])
  assert.equal(log.tail(), '')
})

test('a server that repeats itself is cut off and the rest counted', async () => {
  const { clock, records, log } = setUp()
  log.write('WARNING:  again\n'.repeat(5_000))
  assert.ok(records.length <= 100)
  await clock.advance(10_000)
  log.write('WARNING:  later\n')
  assert.ok(records.some((record) => Number(record['suppressed']) > 4_000))
  assert.match(records.at(-1)?.msg ?? '', /later/)
})

test('a line without end does not grow in memory', () => {
  const { log } = setUp()
  for (let n = 0; n < 100; n += 1) log.write('x'.repeat(10_000))
  assert.ok(log.tail().length <= 2_000)
})
