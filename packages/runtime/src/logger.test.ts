import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { childLogger, createLogger } from './logger.ts'

const recording = () => {
  const lines: string[] = []
  return { lines, logger: createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }) }
}

describe('logger', () => {
  test('SEC-127 fields named like secrets are redacted at any depth, in any spelling', () => {
    const { lines, logger } = recording()
    const secret = 'hunter2'
    logger.info(
      { password: secret, headers: { Authorization: secret, Cookie: secret, 'set-cookie': [secret] } },
      'request'
    )
    logger.info({
      a: { b: { refreshToken: secret, clientSecret: secret, apiKey: secret } },
      list: [{ passwd: secret }]
    })
    logger.child({ token: secret }).warn('child')
    childLogger(logger, 'auth').error({ err: Object.assign(new Error('failed'), { details: { password: secret } }) })
    assert.equal(lines.length, 4)
    assert.doesNotMatch(lines.join(''), /hunter2/)
    assert.match(lines.join(''), /\[redacted\]/)
  })

  test('counts and flags are not secrets', () => {
    const { lines, logger } = recording()
    logger.info({ tokens: 3, hasPassword: true })
    assert.match(lines[0] ?? '', /"tokens":3,"hasPassword":true/)
  })

  test('errors keep their type, code and chain of causes', () => {
    const { lines, logger } = recording()
    const cause = Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' })
    logger.error({ err: new TypeError('outer', { cause }) }, 'failed')
    const line = JSON.parse(lines[0] ?? '') as { err: { type: string; stack: string; cause: { code: string } } }
    assert.equal(line.err.type, 'TypeError')
    assert.equal(line.err.cause.code, 'ECONNREFUSED')
    assert.match(line.err.stack, /logger\.test/)
  })

  test('a line is one JSON object, whatever is logged', () => {
    const { lines, logger } = recording()
    logger.info({ name: 'a\nb\u2028"c' }, 'forged\n{"level":"info"}')
    assert.equal(lines[0]?.split('\n').length, 2)
    assert.equal((JSON.parse(lines[0] ?? '') as { level: string }).level, 'info')
  })
})
