import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { exportSPKI, importJWK, SignJWT } from 'jose'
import { bearer, createSigningKey, ORIGIN, refusalOf, SESSION, sign, startVerifier, USER } from './_verifier.ts'

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const CLAIMS = { sub: USER, sid: SESSION, iss: ORIGIN, aud: 'cairn-api', exp: 4_102_444_800 }

describe('access tokens', () => {
  test('a genuine token identifies its user', async (t) => {
    const { key, verify } = await startVerifier(t)
    assert.deepEqual(await verify(bearer(await sign(key))), {
      userId: USER,
      credentialId: SESSION,
      credential: 'session',
      admin: false,
      scopes: ['*']
    })
    assert.equal((await verify(bearer(await sign(key, { iss: 'cairn' })))).userId, USER)
  })

  test('the auth service says who is an administrator, not the token', async (t) => {
    const { key, auth, verify } = await startVerifier(t)
    assert.equal((await verify(bearer(await sign(key, { adm: true })))).admin, false)
    auth.state.admin = true
    const other = await sign(key, { sid: '0193a5d2-7c1f-7b3e-9a4d-2f6e8c0b1a99' })
    assert.equal((await verify(bearer(other))).admin, true)
  })

  test('a token that was seen costs no call and no signature check', async (t) => {
    const { key, auth, verify } = await startVerifier(t)
    const headers = bearer(await sign(key))
    await verify(headers)
    const batches: number[] = []
    for (let batch = 0; batch < 40; batch += 1) {
      const startedAt = performance.now()
      for (let index = 0; index < 50; index += 1) await verify(headers)
      batches.push((performance.now() - startedAt) / 50)
    }
    assert.deepEqual(auth.calls, { keys: 1, sessions: 1, passwords: 0 })
    // The best batch: others may have had to share the processor.
    assert.ok(Math.min(...batches) < 0.1, `${Math.min(...batches)} ms`)
  })

  test('SEC-073 forged and malformed tokens: 401 each, one constant answer', async (t) => {
    const { key, auth, verify } = await startVerifier(t)
    const genuine = await sign(key)
    await verify(bearer(genuine))
    const [header = '', payload = '', signature = ''] = genuine.split('.')
    const stranger = createSigningKey(key.kid)
    const spki = await exportSPKI((await importJWK(key.publicKey.export({ format: 'jwk' }), 'EdDSA')) as CryptoKey)
    const hmacToken = (alg: string, secret: string | Buffer): string => {
      const input = `${encode({ alg, typ: 'at+jwt', kid: key.kid })}.${encode(CLAIMS)}`
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
    }
    const withHeader = (extra: Record<string, unknown>): Promise<string> => sign(key, {}, extra)
    const rawHeader = (text: string): string => `${encode(text)}.${payload}.${signature}`
    const fake = 'A'.repeat(86)

    const forged: Readonly<Record<string, string>> = {
      'alg none': `${encode({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${encode(CLAIMS)}.`,
      'alg None with a signature': `${encode({ alg: 'None', typ: 'at+jwt', kid: key.kid })}.${encode(CLAIMS)}.${fake}`,
      'alg nOnE': `${encode({ alg: 'nOnE', typ: 'at+jwt', kid: key.kid })}.${encode(CLAIMS)}.${signature}`,
      'empty signature': `${header}.${payload}.`,
      'stripped signature': `${header}.${payload}`,
      'signature of another token': `${header}.${encode(CLAIMS)}.${signature}`,
      'HS256 with the public key as PEM': hmacToken('HS256', spki),
      'HS256 with the public key bytes': hmacToken(
        'HS256',
        Buffer.from(key.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
      ),
      'EdDSA header over an HMAC': hmacToken('EdDSA', spki),
      'key of a stranger under our kid': await sign(stranger),
      'embedded jwk': await sign(stranger, {}, { jwk: stranger.publicKey.export({ format: 'jwk' }) }),
      'embedded jwk, genuine signature': await withHeader({ jwk: key.publicKey.export({ format: 'jwk' }) }),
      jku: await withHeader({ jku: 'http://127.0.0.1:9/jwks' }),
      x5u: await withHeader({ x5u: 'http://127.0.0.1:9/cert' }),
      'kid as path': rawHeader(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid: '../../dev/null' })),
      'kid as SQL': rawHeader(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid: "x' UNION SELECT 'a" })),
      'kid empty': rawHeader(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid: '' })),
      'kid missing': rawHeader(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt' })),
      'kid __proto__': rawHeader('{"alg":"EdDSA","typ":"at+jwt","kid":"__proto__"}'),
      'crit unknown': rawHeader(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, crit: ['exp'] })),
      'b64 false': rawHeader(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, b64: false, crit: ['b64'] })),
      'duplicate alg': rawHeader(`{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"${key.kid}"}`),
      'header no object': rawHeader('[]'),
      'header no JSON': rawHeader('{'),
      'another typ': await withHeader({ typ: 'JWT' }),
      'no typ': await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'EdDSA', kid: key.kid }).sign(key.privateKey),
      'another audience': await sign(key, { aud: 'other' }),
      'another issuer': await sign(key, { iss: 'https://evil.test' }),
      expired: await sign(key, { exp: Math.floor(Date.now() / 1000) - 60 }),
      'not yet valid': await sign(key, { nbf: Math.floor(Date.now() / 1000) + 600 }),
      'no subject': await sign(key, { sub: '' }),
      'session no uuid': await sign(key, { sid: '*' }),
      'five parts (JWE)': `${encode({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..AAAA.BBBB.CCCC`,
      'PBES2 count': `${encode({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 })}.AAAA.BBBB.CCCC.DDDD`,
      'white space': ` ${genuine}`,
      padded: `${genuine}=`,
      'URL-encoded': encodeURIComponent(`${genuine}%`),
      garbage: 'x'
    }
    const callsBefore = auth.calls.keys
    for (const [name, token] of Object.entries(forged)) {
      const refusal = await refusalOf(verify(bearer(token)))
      assert.equal(refusal.code, 'unauthenticated', name)
      assert.equal(refusal.message, 'The credential is not valid', name)
      assert.deepEqual(refusal.details, {}, name)
    }
    assert.equal(auth.calls.keys, callsBefore)
    assert.equal((await verify(bearer(genuine))).userId, USER)
  })

  test('SEC-075 huge tokens are refused at once', async (t) => {
    const { key, verify } = await startVerifier(t)
    const genuine = await sign(key)
    for (const token of [
      'a'.repeat(1_000_000),
      `${'a'.repeat(500_000)}.${'b'.repeat(500_000)}.c`,
      genuine + 'A'.repeat(8192)
    ]) {
      const tries: number[] = []
      for (let count = 0; count < 5; count += 1) {
        const startedAt = performance.now()
        assert.equal((await refusalOf(verify(bearer(token)))).code, 'unauthenticated')
        tries.push(performance.now() - startedAt)
      }
      assert.ok(Math.min(...tries) < 50)
    }
  })

  test('a token dies with its expiry also when it was seen before', async (t) => {
    const { key, time, verify } = await startVerifier(t)
    const headers = bearer(await sign(key))
    await verify(headers)
    time.now += 11 * 60_000
    assert.equal((await refusalOf(verify(headers))).code, 'unauthenticated')
  })

  test('an unknown key id asks for keys again, but at most every ten seconds', async (t) => {
    const { key, keys, auth, time, verify } = await startVerifier(t)
    await verify(bearer(await sign(key)))
    const next = createSigningKey('k2')
    for (let index = 0; index < 50; index += 1) {
      await refusalOf(verify(bearer(await sign({ ...next, kid: `guess-${index}` }))))
    }
    assert.equal(auth.calls.keys, 1)
    keys.push(next)
    time.now += 10_001
    assert.equal((await verify(bearer(await sign(next)))).userId, USER)
    assert.equal(auth.calls.keys, 2)
  })

  test('tokens of a withdrawn key die when the keys are fetched next', async (t) => {
    const { key, keys, time, verify } = await startVerifier(t)
    const headers = bearer(await sign(key))
    await verify(headers)
    const next = createSigningKey('k2')
    keys.splice(0, 1, next)
    time.now += 10_001
    await verify(bearer(await sign(next)))
    assert.equal((await refusalOf(verify(headers))).code, 'unauthenticated')
  })

  test('SEC-077 tokens of a withdrawn key die as soon as auth says that keys have changed', async (t) => {
    const { key, keys, auth, cache, verify } = await startVerifier(t)
    const headers = bearer(await sign(key))
    await verify(headers)
    keys.splice(0, 1, createSigningKey('k2'))
    await cache.publish('auth.signing-keys-changed', '')
    while (auth.calls.keys < 2) await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal((await refusalOf(verify(headers))).code, 'unauthenticated')
  })

  test('a token in use keeps the keys fresh', async (t) => {
    const { key, keys, auth, time, verify } = await startVerifier(t)
    const headers = bearer(await sign(key))
    await verify(headers)
    keys.push(createSigningKey('k2'))
    time.now += 301_000
    await verify(headers)
    assert.equal(auth.calls.keys, 2)
  })

  test('while the auth service is away, strangers are refused as unavailable', async (t) => {
    const { key, auth, verify } = await startVerifier(t)
    auth.state.down = true
    const refusal = await refusalOf(verify(bearer(await sign(key))))
    assert.equal(refusal.code, 'unavailable')
    auth.state.down = false
    assert.equal((await verify(bearer(await sign(key)))).userId, USER)
  })
})
