import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSystemRandom } from '@cairn/runtime'
import { createPasswordHasher } from './hasher.ts'

const hasherOf = (cost: { memoryKiB?: number; passes?: number; concurrency?: number; maxWaiting?: number } = {}) =>
  createPasswordHasher({
    memoryKiB: 64,
    passes: 1,
    concurrency: 2,
    maxWaiting: 100,
    random: createSystemRandom(),
    ...cost
  })

test('a password verifies against its own hash only', async () => {
  const hasher = hasherOf()
  const stored = await hasher.hash('correct horse battery')
  assert.match(stored, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(stored, await hasher.hash('correct horse battery'))
  assert.deepEqual(await hasher.verify('correct horse battery', stored), { ok: true, outdated: false })
  assert.equal((await hasher.verify('correct horse batterx', stored)).ok, false)
  assert.equal((await hasher.verify('correct horse battery ', stored)).ok, false)
})

test('composed and decomposed spellings are the same password', async () => {
  const hasher = hasherOf()
  assert.ok((await hasher.verify('cafe\u0301 noir 1234', await hasher.hash('caf\u00e9 noir 1234'))).ok)
})

test('nothing verifies without a stored hash, or with a broken one', async () => {
  const hasher = hasherOf()
  for (const stored of [null, '', 'x', '$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA', '$2b$10$abcdefghijklmnopqrstuv']) {
    assert.equal((await hasher.verify('whatever it may be', stored)).ok, false)
  }
})

test('hashes made with less effort are outdated, those made with more are not', async () => {
  const stored = await hasherOf().hash('correct horse battery')
  assert.equal((await hasherOf({ passes: 2 }).verify('correct horse battery', stored)).outdated, true)
  const strong = await hasherOf({ memoryKiB: 128, passes: 2 }).hash('correct horse battery')
  assert.deepEqual(await hasherOf().verify('correct horse battery', strong), { ok: true, outdated: false })
})

test('hashing beyond what may wait is refused, the rest completes', async () => {
  const hasher = hasherOf({ concurrency: 1, maxWaiting: 3 })
  const settled = await Promise.allSettled(Array.from({ length: 10 }, () => hasher.hash('correct horse battery')))
  assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 4)
  for (const result of settled) {
    if (result.status === 'rejected') assert.equal(result.reason.code, 'unavailable')
  }
  assert.ok(await hasher.hash('correct horse battery'))
})
