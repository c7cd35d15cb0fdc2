import assert from 'node:assert/strict'
import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { formatResetToken } from '../src/domain/tokens/reset-token.ts'
import { PASSWORD, type System, startSystem } from './_system.ts'

const NEW_PASSWORD = 'a heron over the weir'

interface Wish {
  readonly username?: string
  readonly at?: number
  readonly key?: Uint8Array
}

const operatorKey = ({ backing }: System): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', backing.masterKey, '', 'auth.operator', 32))

/** What the command line sends, and the token only it can put together. */
const claim = (system: System, { username, at = system.backing.clock.now(), key = operatorKey(system) }: Wish = {}) => {
  const secret = randomBytes(32)
  const tokenId = randomUUID()
  const secretHash = createHash('sha256').update(secret).digest('hex')
  const text = `cairn.operator.reset.1\n${at}\n${tokenId}\n${secretHash}\n${username ?? ''}`
  const proof = createHmac('sha256', key).update(text).digest('hex')
  const body = { at, tokenId, secretHash, proof, ...(username === undefined ? {} : { username }) }
  return { body, token: (userId: string) => formatResetToken({ userId, tokenId, secret }) }
}

const PATH = '/v1/auth/operator/password-reset'

test('the operator lets the only administrator back in', async () => {
  await using system = await startSystem()
  const root = await system.setUp('root')
  const { body, token } = claim(system)
  const issued = await system.post(PATH, body)
  assert.equal(issued.status, 201, JSON.stringify(issued.body))
  assert.equal(issued.body.username, 'root')
  assert.equal((await system.get('/v1/auth/me', { token: root.accessToken })).status, 200)
  const confirm = { token: token(issued.body.userId), newPassword: NEW_PASSWORD }
  assert.equal((await system.post('/v1/auth/password-reset/confirm', confirm)).status, 204)
  assert.equal((await system.login('root', NEW_PASSWORD)).status, 200)
  assert.equal((await system.login('root', PASSWORD)).status, 401)
})

test('SEC-083 a proof by another key, of another request, too old or from the future opens nothing', async () => {
  await using system = await startSystem()
  await system.setUp('root')
  const now = system.backing.clock.now()
  const good = claim(system).body
  const bad = [
    claim(system, { key: randomBytes(32) }).body,
    { ...good, tokenId: randomUUID() },
    { ...good, secretHash: '0'.repeat(64) },
    { ...good, username: 'root' },
    { ...good, at: now - 1 },
    claim(system, { at: now - 61_000 }).body,
    claim(system, { at: now + 61_000 }).body
  ]
  for (const body of bad) assert.equal((await system.post(PATH, body)).status, 403)
  assert.equal((await system.sql('select * from auth.reset_token')).length, 0)
})

test('SEC-083 a proof works once', async () => {
  await using system = await startSystem()
  await system.setUp('root')
  const { body } = claim(system)
  assert.equal((await system.post(PATH, body)).status, 201)
  assert.equal((await system.post(PATH, body)).status, 409)
})

test('of several administrators one must be named, and somebody who exists', async () => {
  await using system = await startSystem()
  const root = await system.setUp('root')
  const second = { username: 'second', password: PASSWORD, admin: true }
  assert.equal((await system.post('/v1/auth/admin/users', second, { token: root.accessToken })).status, 201)
  assert.equal((await system.post(PATH, claim(system).body)).status, 409)
  assert.equal((await system.post(PATH, claim(system, { username: 'Second' }).body)).body.username, 'second')
  assert.equal((await system.post(PATH, claim(system, { username: 'nobody' }).body)).status, 404)
})
