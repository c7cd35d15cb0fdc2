import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCursorSealer } from './cursor.ts'

const sealer = createCursorSealer(new Uint8Array(32).fill(7))
const scope = ['children', 'user', 'folder', 'name', 'asc']

describe('cursors', () => {
  it('come back as they were', () => {
    const cursor = sealer.seal(scope, ['näme', 5])
    assert.match(cursor, /^[\w-]+$/)
    assert.deepEqual(sealer.open(scope, cursor), ['näme', 5])
  })

  it('SEC-012 are refused elsewhere, changed, cut, or made up', () => {
    const cursor = sealer.seal(scope, ['x', 1])
    const refuses = (where: readonly string[], text: string): void =>
      assert.throws(() => sealer.open(where, text), { code: 'invalid_cursor' })
    for (const [index] of scope.entries()) refuses(scope.with(index, 'other'), cursor)
    refuses(['children', 'user,folder', 'name', 'asc'], cursor)
    for (let index = 0; index < cursor.length; index += 1) {
      refuses(scope, cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1))
      refuses(scope, cursor.slice(0, index))
    }
    for (const text of ['', 'A', `${cursor}=`, `${cursor}A`, '\u0000']) refuses(scope, text)
    assert.throws(() => createCursorSealer(new Uint8Array(32)).open(scope, cursor), { code: 'invalid_cursor' })
  })
})
