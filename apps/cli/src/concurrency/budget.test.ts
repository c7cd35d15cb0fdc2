import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBudget } from './budget.ts'

const signal = new AbortController().signal

test('grants in order, never more than the whole', async () => {
  const budget = createBudget(10)
  const first = await budget.take(6, signal)
  const granted: string[] = []
  const large = budget.take(8, signal).then((release) => {
    granted.push('large')
    return release
  })
  const small = budget.take(1, signal).then((release) => {
    granted.push('small')
    return release
  })
  await Promise.resolve()
  assert.deepEqual(granted, [])
  first()
  ;(await large)()
  ;(await small)()
  assert.deepEqual(granted, ['large', 'small'])
})

test('more than the whole is granted alone', async () => {
  const budget = createBudget(10)
  const release = await budget.take(100, signal)
  const next = budget.take(1, signal)
  release()
  ;(await next)()
})

test('an aborted wait takes nothing and does not hold up others', async () => {
  const budget = createBudget(10)
  const first = await budget.take(10, signal)
  const abort = new AbortController()
  const given = budget.take(10, abort.signal)
  const other = budget.take(5, signal)
  abort.abort(new Error('enough'))
  await assert.rejects(given, { message: 'enough' })
  first()
  ;(await other)()
  ;(await budget.take(10, signal))()
})
