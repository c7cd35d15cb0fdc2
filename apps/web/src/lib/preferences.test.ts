import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULTS, parsePreferences } from './preferences.ts'

test('whatever storage holds, preferences are usable', () => {
  for (const text of [null, '', '{', '[]', '"x"', '{"theme":"pink","timeZone":"Mars/Base","sort":3}']) {
    assert.deepEqual(parsePreferences(text), DEFAULTS)
  }
  const chosen = parsePreferences(
    '{"theme":"dark","language":"de","timeZone":"Asia/Tokyo","sort":{"field":"size","descending":true}}'
  )
  assert.equal(chosen.theme, 'dark')
  assert.equal(chosen.language, 'de')
  assert.equal(chosen.timeZone, 'Asia/Tokyo')
  assert.deepEqual(chosen.sort, { field: 'size', descending: true })
})
