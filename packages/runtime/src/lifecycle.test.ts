import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLifecycle } from './lifecycle.ts'
import { createLogger } from './logger.ts'

test('a stop aborts, then runs every step once, the last registered first', async () => {
  const lifecycle = createLifecycle(createLogger({ level: 'silent' }))
  const events: string[] = []
  lifecycle.shutdown.addEventListener('abort', () => events.push('abort'))
  lifecycle.onStop('pools', async () => void events.push('pools'))
  lifecycle.onStop('broken', () => Promise.reject(new Error('broken')))
  lifecycle.onStop('modules', async () => void events.push('modules'))
  const [failures, again] = await Promise.all([lifecycle.stop('test'), lifecycle.stop('twice')])
  assert.deepEqual(events, ['abort', 'modules', 'pools'])
  assert.equal(failures.length, 1)
  assert.equal(again, failures)
})
