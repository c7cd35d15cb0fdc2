import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OTHER_PASSWORD, startSystem } from './_system.ts'

const RUNS = 100

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

test('SEC-081 signing in tells nothing about who exists, neither by answer nor by time', async () => {
  await using system = await startSystem()
  const root = await system.setUp()
  await system.register('known')
  const disabled = await system.register('disabled')
  const path = `/v1/auth/admin/users/${disabled.id}`
  await system.call('PATCH', path, { disabled: true }, { token: root.accessToken })
  await system.call('POST', '/v1/auth/admin/users', { username: 'without' }, { token: root.accessToken })

  const names = ['known', 'missing', 'disabled', 'without', 'no such@name', '../etc']
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  const answers = new Set<string>()
  for (let run = 0; run < RUNS; run += 1) {
    // The windows of accounts and sources end; limits are not what is measured here.
    if (run % 40 === 0) system.backing.clock.travel(61 * 60_000)
    for (const name of names) {
      const start = performance.now()
      const answer = await system.login(name, OTHER_PASSWORD, { ip: `198.18.${run}.${names.indexOf(name)}` })
      times.get(name)?.push(performance.now() - start)
      const { requestId: _requestId, ...body } = answer.body
      answers.add(JSON.stringify([answer.status, body]))
    }
  }
  assert.equal(answers.size, 1)
  assert.match([...answers][0] ?? '', /^\[401,/)
  const medians = names.map((name) => median(times.get(name) ?? []))
  assert.ok(Math.max(...medians) - Math.min(...medians) < 10, `medians ${medians.map((ms) => ms.toFixed(1)).join(' ')}`)
})
