import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigError } from './config-error.ts'
import { createEnvReader } from './env-reader.ts'

describe('environment reader', () => {
  test('reads typed values', () => {
    const reader = createEnvReader({
      NAME: 'cairn',
      PORT: '8080',
      ON: 'yes',
      SIZE: '512MiB',
      WAIT: '5m',
      URL: 'postgres://u:secret@db:5432/cairn',
      LEVEL: 'debug',
      LIST: ' a, b ,,c '
    })
    const level: 'debug' | 'info' = reader.enum('LEVEL', {
      values: ['debug', 'info'],
      default: 'info',
      example: 'info'
    })
    assert.equal(reader.string('NAME', { example: 'x' }), 'cairn')
    assert.equal(reader.int('PORT', { example: '1' }), 8080)
    assert.equal(reader.bool('ON', { example: 'true' }), true)
    assert.equal(reader.bytes('SIZE', { example: '1GiB' }), 512 * 1024 * 1024)
    assert.equal(reader.duration('WAIT', { example: '1s' }), 300_000)
    assert.equal(reader.url('URL', { protocols: ['postgres:'], example: 'postgres://…' }).hostname, 'db')
    assert.equal(level, 'debug')
    assert.deepEqual(reader.list('LIST', { example: 'a' }), ['a', 'b', 'c'])
    assert.equal(reader.finish('value'), 'value')
  })

  test('falls back to defaults; an empty value counts as unset', () => {
    const reader = createEnvReader({ PORT: '' })
    assert.equal(reader.int('PORT', { default: 8080, example: '1' }), 8080)
    assert.equal(reader.string('NAME', { default: undefined, example: 'x' }), undefined)
    reader.finish(undefined)
  })

  test('reports everything that is wrong at once: name, value, why, example', () => {
    const reader = createEnvReader({
      PORT: '80a',
      LOW: '0',
      ON: 'maybe',
      SIZE: '5 parsecs',
      WAIT: '10',
      URL: 'mysql://u:hunter2@db',
      LEVEL: 'loud',
      SECRET: 'short',
      LIST: 'a,bad'
    })
    reader.int('PORT', { example: '8080' })
    reader.int('LOW', { min: 1, example: '1' })
    reader.bool('ON', { example: 'true' })
    reader.bytes('SIZE', { example: '1GiB' })
    reader.duration('WAIT', { example: '10s' })
    reader.url('URL', { protocols: ['postgres:'], example: 'postgres://db/cairn' })
    reader.enum('LEVEL', { values: ['debug', 'info'], example: 'info' })
    reader.string('SECRET', { minLength: 32, secret: true, example: 'long' })
    reader.string('MISSING', { example: 'x' })
    reader.list('LIST', { item: (item) => (item === 'bad' ? 'is bad' : undefined), example: 'a' })
    assert.throws(
      () => reader.finish(undefined),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError)
        assert.equal(error.problems.length, 10)
        assert.match(error.message, /PORT \(is "80a"\): must be a whole number\. Example: PORT=8080/)
        assert.match(error.message, /LOW \(is "0"\): must be at least 1/)
        assert.match(error.message, /MISSING: is required/)
        assert.match(error.message, /LEVEL \(is "loud"\): must be one of debug, info/)
        assert.match(error.message, /"bad" is bad/)
        return true
      }
    )
  })

  test('SEC-127 neither errors nor the summary show secrets', () => {
    const reader = createEnvReader({ KEY: 'hunter2', URL: 'postgres://u:hunter2@db/x', BAD: 'ftp://u:hunter2@db' })
    reader.string('KEY', { secret: true, example: 'x' })
    reader.url('URL', { protocols: ['postgres:'], example: 'x' })
    reader.string('TOKEN', { secret: true, default: 'hunter2', example: 'x' })
    reader.url('BAD', { protocols: ['postgres:'], example: 'x' })
    assert.doesNotMatch(reader.summary().join('\n'), /hunter2/)
    assert.match(reader.summary().join('\n'), /KEY=\(set\)\nURL=postgres:\/\/u:\*\*\*@db\/x/)
    assert.throws(
      () => reader.finish(undefined),
      (error: Error) => !error.message.includes('hunter2')
    )
  })
})
