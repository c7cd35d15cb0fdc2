import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cache } from '@cairn/cache'
import { createBacking } from './_host.ts'
import { joinSystem, PASSWORD, type System, startSystem } from './_system.ts'

const guess = (system: System, username: string, ip: string) => system.login(username, 'a wrong guess of mine', { ip })

const triesOf = async (answers: readonly Promise<{ status: number }>[]): Promise<number> =>
  (await Promise.all(answers)).filter(({ status }) => status === 401).length

test('SEC-079 a thousand guesses from one source are ten tries, however the name is spelled', async () => {
  await using system = await startSystem()
  await system.setUp()
  await system.call(
    'PATCH',
    '/v1/auth/me',
    { email: 'root@example.org', currentPassword: PASSWORD },
    {
      token: (await system.login('root')).body.accessToken
    }
  )
  const spellings = ['root', 'ROOT', 'Root', 'ｒｏｏｔ', 'root@example.org', 'Root@Example.ORG']
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, n) => guess(system, spellings[n % spellings.length] ?? '', '203.0.113.7'))
  )
  assert.equal(answers.filter(({ status }) => status === 401).length, 10)
  const limited = answers.filter(({ status }) => status === 429)
  assert.equal(limited.length, 990)
  for (const { headers } of limited) assert.ok(Number(headers['retry-after']) > 0)
})

test('SEC-079 forged addresses and a whole IPv6 /64 count as one source', async () => {
  await using system = await startSystem()
  await system.setUp()
  const forged = Array.from({ length: 100 }, (_, n) =>
    system.login('root', 'a wrong guess of mine', {
      ip: '203.0.113.8',
      headers: {
        'x-forwarded-for': `198.51.100.${n}`,
        forwarded: `for=198.51.100.${n}`,
        'x-real-ip': `198.51.100.${n}`
      }
    })
  )
  assert.equal(await triesOf(forged), 10)
  const v6 = Array.from({ length: 100 }, (_, n) => guess(system, 'root', `2001:db8:1:2::${n.toString(16)}`))
  assert.equal(await triesOf(v6), 10)
})

test('SEC-113 behind a trusted proxy the address it reports counts', async () => {
  await using system = await startSystem({ trustedProxies: ['192.0.2.1'] })
  await system.setUp()
  const answers = Array.from({ length: 60 }, (_, n) =>
    system.login('root', 'a wrong guess of mine', { headers: { 'x-forwarded-for': `198.51.100.${n % 3}` } })
  )
  assert.equal(await triesOf(answers), 30)
})

test('SEC-079 from many sources an account is tried fifty times, and its owner still gets in from a known one', async () => {
  await using backing = await createBacking()
  await using system = await joinSystem(backing)
  await using other = await joinSystem(backing)
  await system.setUp()
  await system.register('victim', { ip: '198.18.0.1' })
  const answers = Array.from({ length: 300 }, (_, n) =>
    guess(n % 2 ? system : other, 'victim', `203.0.${n >> 8}.${n & 255}`)
  )
  assert.equal(await triesOf(answers), 50)
  assert.equal((await system.login('victim', PASSWORD, { ip: '203.0.113.200' })).status, 429)
  assert.equal((await system.login('victim', PASSWORD, { ip: '198.18.0.1' })).status, 200)
  backing.clock.travel(60 * 60_000)
  assert.equal((await system.login('victim', PASSWORD, { ip: '203.0.113.200' })).status, 200)
})

test('SEC-079 SEC-081 an account that does not exist is limited like one that does', async () => {
  await using system = await startSystem()
  await system.setUp()
  const tries = await triesOf(Array.from({ length: 40 }, () => guess(system, 'phantom', '203.0.113.5')))
  assert.equal(tries, 10)
})

test('SEC-079 one source has a hundred tries at all accounts together', async () => {
  await using system = await startSystem()
  await system.setUp()
  let tries = 0
  for (let batch = 0; batch < 3; batch += 1) {
    tries += await triesOf(Array.from({ length: 50 }, (_, n) => guess(system, `name${batch}-${n}`, '203.0.113.6')))
  }
  assert.equal(tries, 100)
})

test('signing in correctly is never limited', async () => {
  await using system = await startSystem()
  await system.setUp()
  for (let n = 0; n < 120; n += 1) assert.equal((await system.login('root')).status, 200)
})

test('SEC-079 FLT-021 with the cache down sign-in works and guessing is limited more strictly', async () => {
  await using backing = await createBacking()
  const down = () => Promise.reject(new Error('cache is down'))
  const broken: Cache = { ...backing.cache, get: down, set: down, delete: down, increment: down, publish: down }
  await using system = await joinSystem(backing, { cache: broken })
  await system.setUp()
  assert.equal((await system.login('root')).status, 200)
  const tries = await triesOf(Array.from({ length: 100 }, () => guess(system, 'root', '203.0.113.4')))
  assert.equal(tries, 3)
})

test('SEC-079 registering, refreshing and confirming resets are limited by source', async () => {
  await using system = await startSystem()
  await system.setUp()
  const count = async (path: string, body: unknown, times: number) => {
    const answers = await Promise.all(
      Array.from({ length: times }, () => system.post(path, body, { ip: '203.0.113.3' }))
    )
    return answers.filter(({ status }) => status !== 429).length
  }
  assert.equal(await count('/v1/auth/register', { username: '..', password: PASSWORD }, 40), 20)
  assert.equal(await count('/v1/auth/refresh', { refreshToken: 'crt_x' }, 700), 600)
  assert.equal(await count('/v1/auth/password-reset/confirm', { token: 'crs_x', newPassword: PASSWORD }, 40), 20)
})
