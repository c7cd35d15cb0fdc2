import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '@cairn/runtime'
import { readConfig } from './config.ts'

test('nothing needs to be set; registration is closed', () => {
  const config = readConfig({})
  assert.equal(config.signup, 'closed')
  assert.equal(config.setupToken, undefined)
  assert.equal(config.passwordMemoryKiB, 65_536)
})

test('SEC-130 weak settings are refused, all at once, without showing the token', () => {
  const env = { CAIRN_SETUP_TOKEN: 'changeme', CAIRN_SIGNUP: 'yes', CAIRN_PASSWORD_MEMORY: '1MiB' }
  assert.throws(
    () => readConfig(env),
    (error) => {
      assert.ok(error instanceof ConfigError)
      assert.deepEqual(error.problems.map(({ variable }) => variable).sort(), Object.keys(env).sort())
      assert.ok(!error.message.includes('changeme'))
      return true
    }
  )
})
