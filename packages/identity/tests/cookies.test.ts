import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accessCookieName } from '../src/index.ts'
import { bearer, ORIGIN, refusalOf, sign, startVerifier, USER } from './_verifier.ts'

const fromUs = { origin: ORIGIN, 'sec-fetch-site': 'same-origin', 'x-cairn-csrf': '1' } as const

describe('cookies', () => {
  test('identify, by the name that fits the origin', async (t) => {
    const { key, verify } = await startVerifier(t)
    const token = await sign(key)
    assert.equal(accessCookieName(ORIGIN), '__Host-cairn-access')
    assert.equal((await verify({ cookie: `a=b; __Host-cairn-access=${token}; c=d` })).userId, USER)
    assert.equal((await refusalOf(verify({ cookie: `cairn-access=${token}` }))).code, 'unauthenticated')

    const plain = await startVerifier(t, { publicOrigin: 'http://nas.local:8080' })
    assert.equal(accessCookieName('http://nas.local:8080'), 'cairn-access')
    const plainToken = await sign(plain.key, { iss: 'cairn' })
    assert.equal((await plain.verify({ cookie: `cairn-access=${plainToken}` })).userId, USER)
  })

  test('two cookies of one name are refused', async (t) => {
    const { key, verify } = await startVerifier(t)
    const token = await sign(key)
    const cookie = `__Host-cairn-access=${token}; __Host-cairn-access=planted`
    assert.equal((await refusalOf(verify({ cookie }))).code, 'unauthenticated')
  })

  test('a bad Authorization header is not made good by a cookie', async (t) => {
    const { key, verify } = await startVerifier(t)
    const cookie = `__Host-cairn-access=${await sign(key)}`
    assert.equal((await refusalOf(verify({ cookie, ...bearer('x') }))).code, 'unauthenticated')
  })

  test('SEC-091 unsafe requests by cookie must come from the application', async (t) => {
    const { key, verify } = await startVerifier(t)
    const cookie = `__Host-cairn-access=${await sign(key)}`
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'MKCOL', 'MOVE']) {
      assert.equal((await verify({ cookie, ...fromUs }, method)).userId, USER)
      const foreign = [
        {},
        { origin: ORIGIN },
        { 'x-cairn-csrf': '1' },
        { ...fromUs, 'x-cairn-csrf': 'true' },
        { ...fromUs, origin: 'null' },
        { ...fromUs, origin: 'https://evil.test' },
        { ...fromUs, origin: `${ORIGIN}.evil.test` },
        { ...fromUs, origin: 'http://files.test' },
        { ...fromUs, 'sec-fetch-site': 'cross-site' },
        { ...fromUs, 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'same-origin', 'x-cairn-csrf': '1' }
      ]
      for (const headers of foreign) {
        assert.equal(
          (await refusalOf(verify({ cookie, ...headers }, method))).code,
          'csrf_refused',
          JSON.stringify(headers)
        )
      }
    }
  })

  test("SEC-091 reading needs no header; tokens in Authorization are no one else's to send", async (t) => {
    const { key, verify } = await startVerifier(t)
    const token = await sign(key)
    assert.equal(
      (await verify({ cookie: `__Host-cairn-access=${token}`, origin: 'https://evil.test' }, 'GET')).userId,
      USER
    )
    assert.equal((await verify({ ...bearer(token), origin: 'https://evil.test' }, 'POST')).userId, USER)
  })

  test('SEC-093 a WebSocket by cookie must come from one of our origins', async (t) => {
    const { key, verify } = await startVerifier(t)
    const cookie = `__Host-cairn-access=${await sign(key)}`
    const upgrade = { cookie, upgrade: 'websocket' }
    assert.equal((await refusalOf(verify({ ...upgrade, origin: 'https://evil.test' }))).code, 'csrf_refused')
    assert.equal((await refusalOf(verify(upgrade))).code, 'csrf_refused')
    assert.equal((await verify({ ...upgrade, origin: ORIGIN })).userId, USER)
  })

  test('a request without any credential is told to sign in', async (t) => {
    const { verify } = await startVerifier(t)
    assert.equal((await refusalOf(verify({}))).message, 'This needs a signed-in user')
  })
})
