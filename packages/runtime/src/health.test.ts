import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createHealth } from './health.ts'

const setUp = () => {
  const time = { now: 0 }
  const clock = { now: () => time.now, sleep: () => Promise.resolve() }
  return { time, health: createHealth({ clock, timeoutMs: 20 }) }
}

describe('health', () => {
  test('is ready when every check passes, degraded without a non-essential one, unready otherwise', async () => {
    const { time, health } = setUp()
    health.register({ name: 'database', check: () => Promise.resolve() })
    assert.equal((await health.report()).status, 'ready')
    health.register({ name: 'search', essential: false, check: () => Promise.reject(new Error('down')) })
    const degraded = await health.report()
    assert.equal(degraded.status, 'degraded')
    assert.deepEqual(degraded.checks['search'], { status: 'failed', essential: false, latencyMs: 0, error: 'down' })
    const remove = health.register({ name: 'blobs', check: () => Promise.reject(new Error('down')) })
    assert.equal((await health.report()).status, 'unready')
    remove()
    time.now += 1
    assert.equal((await health.report()).status, 'degraded')
  })

  test('a check that hangs fails, and is told to stop', async () => {
    const { health } = setUp()
    let told = false
    health.register({
      name: 'stuck',
      check: (signal) => {
        signal.addEventListener('abort', () => {
          told = true
        })
        return new Promise(() => undefined)
      }
    })
    const report = await health.report()
    assert.match(report.checks['stuck']?.error ?? '', /no answer within 20 ms/)
    assert.equal(told, true)
  })

  test('answers are reused for a second, also while they are being found', async () => {
    const { time, health } = setUp()
    let runs = 0
    health.register({
      name: 'counted',
      check: async () => {
        runs += 1
      }
    })
    await Promise.all([health.report(), health.report(), health.report()])
    time.now = 999
    await health.report()
    assert.equal(runs, 1)
    time.now = 1000
    await health.report()
    assert.equal(runs, 2)
  })

  test('a stopping process says so whatever the checks say', async () => {
    const { health } = setUp()
    health.setStopping()
    assert.equal((await health.report()).status, 'stopping')
    assert.equal(health.stopping, true)
  })

  test('a name is registered once', () => {
    const { health } = setUp()
    health.register({ name: 'a', check: () => Promise.resolve() })
    assert.throws(() => health.register({ name: 'a', check: () => Promise.resolve() }), /registered twice/)
  })
})
