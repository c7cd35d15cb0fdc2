import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '@cairn/runtime'
import { readGatewayConfig } from './config.ts'

test('an empty environment gives a working gateway on every address', () => {
  const config = readGatewayConfig({})
  assert.equal(config.host, '::')
  assert.equal(config.port, 8080)
  assert.deepEqual(config.trustedProxies, [])
  assert.deepEqual(config.corsOrigins, [])
  assert.deepEqual(config.operators, { networks: ['loopback'], token: undefined })
})

test('SEC-130 every bad value is reported at once; secrets are not shown', () => {
  const env = {
    CAIRN_PORT: '99999',
    CAIRN_TRUSTED_PROXIES: '10.0.0.0/8,everyone',
    CAIRN_CORS_ORIGINS: '*',
    CAIRN_METRICS_TOKEN: 'short-secret',
    CAIRN_DRAIN_DELAY: 'soon'
  }
  assert.throws(
    () => readGatewayConfig(env),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      assert.deepEqual(
        error.problems.map(({ variable }) => variable),
        ['CAIRN_PORT', 'CAIRN_TRUSTED_PROXIES', 'CAIRN_CORS_ORIGINS', 'CAIRN_METRICS_TOKEN', 'CAIRN_DRAIN_DELAY']
      )
      assert.doesNotMatch(error.message, /short-secret/)
      return true
    }
  )
})

test('SEC-092 only exact origins can be allowed', () => {
  for (const origin of [
    'null',
    '*',
    'https://*.example.org',
    'https://a.example/',
    'https://a.example/x',
    'a.example',
    'ftp://a'
  ]) {
    assert.throws(() => readGatewayConfig({ CAIRN_CORS_ORIGINS: origin }), ConfigError, origin)
  }
  assert.deepEqual(readGatewayConfig({ CAIRN_CORS_ORIGINS: 'https://a.example:8443' }).corsOrigins, [
    'https://a.example:8443'
  ])
})
