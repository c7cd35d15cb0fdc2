import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { createBacking } from './_host.ts'
import { joinSystem, type System, startSystem, userOf } from './_system.ts'

const MINUTE = 60_000

const kids = async (system: System): Promise<string[]> =>
  (await system.get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid)
const kidOf = (token: string) => decodeProtectedHeader(token).kid
const rotate = async (system: System, immediately = false) =>
  system.post('/v1/auth/admin/signing-keys', { immediately }, { token: userOf(await system.login('root')).accessToken })
const me = async (system: System, token: string) => (await system.get('/v1/auth/me', { token })).status

test('an access token says what docs/auth.md promises', async () => {
  await using system = await startSystem()
  const root = await system.setUp()
  assert.deepEqual(decodeProtectedHeader(root.accessToken), {
    alg: 'EdDSA',
    typ: 'at+jwt',
    kid: (await kids(system))[0]
  })
  const { iat, exp, jti, ...claims } = decodeJwt(root.accessToken)
  assert.deepEqual(claims, { iss: 'cairn', aud: 'cairn-api', sub: root.id, sid: root.sessionId, adm: true })
  assert.equal((exp ?? 0) - (iat ?? 0), 600)
  assert.match(String(jti), /^[0-9a-f-]{36}$/)
  assert.equal(await me(system, root.accessToken), 200)
  system.backing.clock.travel(11 * MINUTE)
  assert.equal(await me(system, root.accessToken), 401)
})

test('the key set holds public keys only, the same by HTTP and by RPC', async () => {
  await using system = await startSystem()
  const answer = await system.get('/.well-known/jwks.json')
  const [key] = answer.body.keys
  assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  assert.deepEqual([key.kty, key.crv, key.alg, key.use], ['OKP', 'Ed25519', 'EdDSA', 'sig'])
  assert.deepEqual(JSON.parse((await system.client.getVerificationKeys({})).jwksJson), answer.body)
  assert.equal(answer.headers['cache-control'], 'public, max-age=300')
})

test('replicas that start together agree on one key', async () => {
  await using backing = await createBacking()
  const replicas = await Promise.all([joinSystem(backing), joinSystem(backing), joinSystem(backing)])
  try {
    const published = await Promise.all(replicas.map(kids))
    assert.equal(new Set(published.flat()).size, 1)
  } finally {
    for (const replica of replicas) await replica[Symbol.asyncDispose]()
  }
})

test('a new key is published before it signs, the old one until its tokens are over', async () => {
  await using system = await startSystem()
  await system.setUp()
  const { clock } = system.backing
  const [old] = await kids(system)
  const { kid } = (await rotate(system)).body
  assert.deepEqual(await kids(system), [kid, old])
  assert.equal(kidOf(userOf(await system.login('root')).accessToken), old)
  clock.travel(14 * MINUTE)
  const lastOfOld = userOf(await system.login('root')).accessToken
  assert.equal(kidOf(lastOfOld), old)
  clock.travel(2 * MINUTE)
  const firstOfNew = userOf(await system.login('root')).accessToken
  assert.equal(kidOf(firstOfNew), kid)
  assert.equal(await me(system, lastOfOld), 200)
  assert.equal(await me(system, firstOfNew), 200)
  clock.travel(15 * MINUTE)
  assert.deepEqual(await kids(system), [kid])
})

test('an immediate rotation reaches every replica', async () => {
  await using backing = await createBacking()
  await using one = await joinSystem(backing)
  await using two = await joinSystem(backing)
  await one.setUp()
  const [old] = await kids(two)
  const { kid } = (await rotate(one, true)).body
  assert.notEqual(kid, old)
  await waitFor(async () => (await kids(two)).join() === kid)
  const login = userOf(await two.login('root'))
  assert.equal(kidOf(login.accessToken), kid)
  backing.clock.travel(11_000)
  assert.equal(await me(one, login.accessToken), 200)
})

test('keys that have signed long enough are replaced by themselves', async () => {
  await using backing = await createBacking()
  const first = await joinSystem(backing)
  const [old] = await kids(first)
  await first[Symbol.asyncDispose]()
  backing.clock.travel(91 * 86_400_000)
  await using second = await joinSystem(backing)
  const published = await waitFor(async () => {
    const found = await kids(second)
    return found.length === 2 && found
  })
  assert.equal(published[1], old)
})

test('private keys and the set-up token are sealed; another master key opens neither', async () => {
  await using backing = await createBacking()
  {
    await using system = await joinSystem(backing)
    const [row] = await system.sql('select sealed_token from auth.setup')
    const sealed = row?.['sealed_token']
    assert.ok(Buffer.isBuffer(sealed) && !sealed.includes(system.auth.setup.token ?? ''))
  }
  await assert.rejects(joinSystem({ ...backing, masterKey: randomBytes(32) }))
})
