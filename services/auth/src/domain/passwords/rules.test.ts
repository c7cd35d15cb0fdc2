import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBlocklist } from './blocklist.ts'
import { passwordFault } from './rules.ts'

const isBlocked = createBlocklist()
const faultOf = (password: string, personal: readonly string[] = ['annabel']) =>
  passwordFault(password, { personal, isBlocked })

const refused = [
  'short',
  'elevenchars',
  'password1234',
  'Password2026!',
  'P@ssw0rd1234',
  'letmein!2026',
  'qwertyuiop123',
  '123456789012',
  'aaaaaaaaaaaa',
  'abcabcabcabcabc',
  'qwertyqwerty',
  'passwordpassword',
  'dragonmonkey',
  '1qaz2wsx3edc',
  'abcdefghijkl',
  '987654321098',
  'abc123abc123',
  'annabel2026!',
  'AnnabelAnnabel',
  'x'.repeat(1025),
  '\ud800aaaaaaaaaaaaaaa'
]

for (const password of refused) {
  test(`"${password.slice(0, 30)}" is refused as a password`, () => {
    assert.notEqual(faultOf(password), undefined)
  })
}

const accepted = [
  'correct horse battery staple',
  'kowytrezivox',
  'all lower case is fine',
  'пароль подлиннее',
  'gS8#kq2!vNw0',
  '山田さんの長いパスワード',
  'my dog annabel eats oranges'
]

for (const password of accepted) {
  test(`"${password}" is accepted as a password`, () => {
    assert.equal(faultOf(password), undefined)
  })
}

test('a long passphrase is judged quickly', () => {
  const start = performance.now()
  faultOf('abcdefghij'.repeat(100))
  faultOf('love'.repeat(250))
  faultOf('passwordlove'.repeat(5))
  assert.ok(performance.now() - start < 200)
})
