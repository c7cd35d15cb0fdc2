import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { APP_SECRET, basic, bearer, refusalOf, SESSION, sign, startVerifier, USER } from './_verifier.ts'

describe('sessions', () => {
  test('SEC-077 an ended session is refused at once when the notification arrives', async (t) => {
    const { key, auth, cache, verify } = await startVerifier(t)
    const headers = bearer(await sign(key))
    await verify(headers)
    auth.state.active = false
    await verify(headers)
    await cache.publish('auth.session-revoked', JSON.stringify({ userId: USER, sessionId: SESSION }))
    assert.equal((await refusalOf(verify(headers))).code, 'unauthenticated')
  })

  test('SEC-077 all sessions of a user end at once; those of others are not touched', async (t) => {
    const { key, auth, cache, verify } = await startVerifier(t)
    const headers = bearer(await sign(key))
    await verify(headers)
    await cache.publish('auth.session-revoked', JSON.stringify({ userId: 'someone-else', sessionId: '*' }))
    await verify(headers)
    assert.equal(auth.calls.sessions, 1)
    auth.state.active = false
    await cache.publish('auth.session-revoked', JSON.stringify({ userId: USER, sessionId: '*' }))
    assert.equal((await refusalOf(verify(headers))).code, 'unauthenticated')
  })

  test('SEC-077 a lost notification delays the end by at most what the auth service allows', async (t) => {
    const { key, auth, time, verify } = await startVerifier(t)
    auth.state.maxAgeSeconds = 30
    const headers = bearer(await sign(key))
    await verify(headers)
    auth.state.active = false
    time.now += 29_000
    await verify(headers)
    time.now += 1001
    assert.equal((await refusalOf(verify(headers))).code, 'unauthenticated')
  })

  test('SEC-077 an answer that was under way during a revocation is not kept', async (t) => {
    const { key, auth, cache, verify } = await startVerifier(t)
    const held = Promise.withResolvers<void>()
    auth.gate.session = held.promise
    const headers = bearer(await sign(key))
    const early = verify(headers)
    while (auth.calls.sessions === 0) await new Promise((resolve) => setImmediate(resolve))
    auth.state.active = false
    await cache.publish('auth.session-revoked', JSON.stringify({ userId: USER, sessionId: SESSION }))
    held.resolve()
    assert.equal((await refusalOf(early)).code, 'unauthenticated')
  })

  test('unreadable notifications are ignored', async (t) => {
    const { key, cache, verify } = await startVerifier(t)
    await cache.publish('auth.session-revoked', 'no json')
    assert.equal((await verify(bearer(await sign(key)))).userId, USER)
  })
})

describe('app passwords', () => {
  test('identify by Basic and by Bearer, with their scopes', async (t) => {
    const { auth, verify } = await startVerifier(t)
    const expected = {
      userId: USER,
      credentialId: 'p1',
      credential: 'app-password',
      admin: false,
      scopes: ['files:read']
    }
    assert.deepEqual(await verify(basic('ann', APP_SECRET)), expected)
    assert.deepEqual(await verify(bearer(APP_SECRET)), expected)
    await verify(basic('ann', APP_SECRET))
    assert.equal(auth.calls.passwords, 2)
  })

  test('refusals are constant and never kept', async (t) => {
    const { auth, verify } = await startVerifier(t)
    for (const headers of [basic('ann', 'cairn_wrong'), basic('bob', APP_SECRET), bearer('cairn_wrong')]) {
      const refusal = await refusalOf(verify(headers))
      assert.equal(refusal.code, 'unauthenticated')
      assert.equal(refusal.message, 'The credential is not valid')
    }
    auth.state.password = 'cairn_wrong'
    assert.equal((await verify(bearer('cairn_wrong'))).userId, USER)
  })

  test('sign-in passwords and malformed headers are refused without a call', async (t) => {
    const { auth, verify } = await startVerifier(t)
    const malformed = [
      basic('ann', 'correct horse battery staple'),
      basic('', APP_SECRET),
      bearer(`cairn_${'a'.repeat(1000)}`),
      { authorization: 'Basic' },
      { authorization: 'Basic ' },
      { authorization: 'Digest username="ann"' },
      { authorization: '' },
      { authorization: `Bearer${APP_SECRET}` }
    ]
    for (const headers of malformed) assert.equal((await refusalOf(verify(headers))).code, 'unauthenticated')
    assert.equal(auth.calls.passwords, 0)
  })

  test('SEC-077 a revoked app password is dead at once, or within a minute when the message is lost', async (t) => {
    const { auth, cache, time, verify } = await startVerifier(t)
    await verify(bearer(APP_SECRET))
    auth.state.password = ''
    await cache.publish('auth.app-password-revoked', JSON.stringify({ userId: USER, appPasswordId: 'p1' }))
    await refusalOf(verify(bearer(APP_SECRET)))
    auth.state.password = APP_SECRET
    await verify(bearer(APP_SECRET))
    auth.state.password = ''
    time.now += 60_001
    await refusalOf(verify(bearer(APP_SECRET)))
  })
})
