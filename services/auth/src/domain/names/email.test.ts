import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEmail } from './email.ts'

test('SEC-085 spelling variants of an address are one address', () => {
  assert.equal(parseEmail('A@X.example ')?.fold, 'a@x.example')
  assert.equal(parseEmail(' a@x.EXAMPLE')?.fold, 'a@x.example')
  assert.equal(parseEmail('A@X.example ')?.text, 'A@X.example')
})

for (const typed of ['', 'a', '@', 'a@', '@b', 'a@b@c', 'a b@c', 'a\r\nBcc: x@y', 'a\u0000@b', 'a\u200b@b', '<a@b>']) {
  test(`${JSON.stringify(typed)} is no address`, () => {
    assert.equal(parseEmail(typed), undefined)
  })
}
