import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { formatAppPassword, parseAppPassword } from './app-password-secret.ts'
import { formatInviteToken, parseInviteToken } from './invite-token.ts'
import { formatRefreshToken, parseRefreshToken, refreshSecret } from './refresh-token.ts'
import { formatResetToken, parseResetToken } from './reset-token.ts'

const userId = randomUUID()
const otherId = randomUUID()
const secret = randomBytes(32)

const kinds = [
  {
    name: 'refresh token',
    text: formatRefreshToken({ userId, sessionId: otherId, generation: 7, secret }),
    parse: parseRefreshToken,
    value: { userId, sessionId: otherId, generation: 7, secret }
  },
  {
    name: 'reset token',
    text: formatResetToken({ userId, tokenId: otherId, secret }),
    parse: parseResetToken,
    value: { userId, tokenId: otherId, secret }
  },
  {
    name: 'invite',
    text: formatInviteToken({ inviteId: otherId, secret }),
    parse: parseInviteToken,
    value: { inviteId: otherId, secret }
  },
  {
    name: 'app password',
    text: formatAppPassword({ userId, random: secret.subarray(0, 20) }),
    parse: parseAppPassword,
    value: { userId, random: secret.subarray(0, 20) }
  }
]

for (const { name, text, parse, value } of kinds) {
  test(`the ${name} survives its spelling`, () => {
    assert.deepEqual(parse(text), value)
  })

  test(`SEC-090 a ${name} has exactly one spelling`, () => {
    const variants = [
      text.slice(0, -1),
      `${text}A`,
      `${text}=`,
      `${text} `,
      ` ${text}`,
      `${text}\n`,
      encodeURIComponent(`${text}/`),
      text.replace('_', '%5F'),
      text.toUpperCase(),
      text.slice(text.indexOf('_') + 1),
      text.replace(/^c/, 'C'),
      ''
    ]
    for (const variant of variants) assert.equal(parse(variant), undefined, variant)
  })

  test(`SEC-110 a ${name} of one purpose is not one of another`, () => {
    for (const other of kinds) {
      if (other.name !== name) assert.equal(other.parse(text), undefined)
    }
  })
}

test('SEC-090 no other last letter of a token decodes to the same bytes', () => {
  const text = formatResetToken({ userId, tokenId: otherId, secret: Buffer.alloc(32) })
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const accepted = [...letters].filter((letter) => {
    const parsed = parseResetToken(text.slice(0, -1) + letter)
    return parsed !== undefined && Buffer.from(parsed.secret).equals(Buffer.alloc(32))
  })
  assert.deepEqual(accepted, ['A'])
})

test('the smallest and the largest app password fit', () => {
  for (const byte of [0x00, 0xff]) {
    const random = Buffer.alloc(20, byte)
    const id = byte === 0 ? '00000000-0000-0000-0000-000000000000' : 'ffffffff-ffff-ffff-ffff-ffffffffffff'
    assert.deepEqual(parseAppPassword(formatAppPassword({ userId: id, random })), { userId: id, random })
  }
  assert.equal(parseAppPassword(`cairn_${'z'.repeat(49)}`), undefined)
})

test('refresh secrets differ by key, user, session, generation and seed', () => {
  const key = randomBytes(32)
  const seed = randomBytes(32)
  const family = { userId, sessionId: otherId, seed }
  const secrets = [
    refreshSecret(key, family, 1),
    refreshSecret(key, family, 2),
    refreshSecret(randomBytes(32), family, 1),
    refreshSecret(key, { ...family, seed: randomBytes(32) }, 1),
    refreshSecret(key, { ...family, userId: otherId, sessionId: userId }, 1)
  ].map((bytes) => Buffer.from(bytes).toString('hex'))
  assert.equal(new Set(secrets).size, secrets.length)
  assert.deepEqual(refreshSecret(key, family, 1), refreshSecret(key, family, 1))
})

test('SEC-090 a hundred thousand app passwords are all different', () => {
  const seen = new Set<string>()
  for (let n = 0; n < 100_000; n += 1) seen.add(formatAppPassword({ userId, random: randomBytes(20) }))
  assert.equal(seen.size, 100_000)
})
