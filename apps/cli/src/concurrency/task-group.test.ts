import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTaskGroup } from './task-group.ts'

const signal = new AbortController().signal

test('runs so many at once and waits for all', async () => {
  const group = createTaskGroup(3, signal)
  let [running, most, done] = [0, 0, 0]
  for (let index = 0; index < 20; index++) {
    await group.run(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running -= 1
      done += 1
    })
  }
  await group.end()
  assert.deepEqual([most, done], [3, 20])
})

test('the first failure aborts the others and is what end rejects with', async () => {
  const group = createTaskGroup(2, signal)
  const reasons: unknown[] = []
  await group.run(
    (inner) =>
      new Promise((_resolve, reject) =>
        inner.addEventListener('abort', () => {
          reasons.push(inner.reason)
          reject(inner.reason)
        })
      )
  )
  const failure = new Error('first')
  await group.run(() => Promise.reject(failure))
  await assert.rejects(group.end(), failure)
  await assert.rejects(
    group.run(async () => undefined),
    failure
  )
  assert.deepEqual(reasons, [failure])
})
