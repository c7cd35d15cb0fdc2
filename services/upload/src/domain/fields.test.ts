import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseDrive, parseMtime, parseOnConflict } from './fields.ts'

describe('fields', () => {
  it('reads modification times as ISO 8601 or milliseconds', () => {
    assert.equal(parseMtime('2024-02-29T12:00:00Z'), Date.UTC(2024, 1, 29, 12))
    assert.equal(parseMtime('2024-02-29T12:00:00.250+02:00'), Date.UTC(2024, 1, 29, 10, 0, 0, 250))
    assert.equal(parseMtime('1700000000000'), 1_700_000_000_000)
    assert.equal(parseMtime('-1000'), -1000)
    assert.equal(parseMtime(undefined), undefined)
    for (const text of ['now', '2024-02-29', '2024-13-01T00:00:00Z', '1e9', '99999999999999999', '8640000000000001']) {
      assert.throws(() => parseMtime(text), text)
    }
  })

  it('takes a drive id, "personal" or nothing', () => {
    assert.equal(parseDrive(undefined), 'personal')
    assert.equal(parseDrive('personal'), 'personal')
    for (const drive of ['', 'Personal', '../x', '0193A5D2-7C1F-7B3E-9A4D-2F6E8C0B1A35']) {
      assert.throws(() => parseDrive(drive), drive)
    }
  })

  it('knows three ways to meet a taken name', () => {
    assert.deepEqual([undefined, '', 'version', 'fail', 'rename'].map(parseOnConflict), [
      'version',
      'version',
      'version',
      'fail',
      'rename'
    ])
    assert.throws(() => parseOnConflict('overwrite'))
  })
})
