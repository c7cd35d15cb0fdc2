import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clear, EMPTY_SELECTION, extendTo, orderOf, retain, selectAll, selectOnly, step, toggle } from './selection.ts'

const order = orderOf(['a', 'b', 'c', 'd', 'e'])
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort().join('')

test('a range replaces the range before, from the same anchor', () => {
  const down = extendTo(selectOnly('b'), 'd', order)
  assert.equal(ids(down), 'bcd')
  assert.equal(ids(extendTo(down, 'a', order)), 'ab')
})

test('toggling adds and takes away, and moves the anchor', () => {
  const two = toggle(selectOnly('a'), 'c')
  assert.equal(ids(two), 'ac')
  assert.equal(ids(toggle(two, 'a')), 'c')
  assert.equal(ids(extendTo(two, 'e', order)), 'cde')
})

test('arrows stop at the ends, extend with shift, move alone with control', () => {
  const first = step(EMPTY_SELECTION, { by: 1, extend: false, keep: false }, order)
  assert.equal(ids(first), 'a')
  assert.equal(ids(step(first, { by: -1, extend: false, keep: false }, order)), 'a')
  const range = step(
    step(first, { by: 1, extend: true, keep: false }, order),
    { by: 1, extend: true, keep: false },
    order
  )
  assert.equal(ids(range), 'abc')
  assert.equal(ids(step(range, { by: -1, extend: true, keep: false }, order)), 'ab')
  const moved = step(range, { by: Number.POSITIVE_INFINITY, extend: false, keep: true }, order)
  assert.equal(moved.focus, 'e')
  assert.equal(ids(moved), 'abc')
  assert.equal(step(EMPTY_SELECTION, { by: Number.POSITIVE_INFINITY, extend: false, keep: false }, order).focus, 'e')
})

test('what is deleted elsewhere leaves the selection', () => {
  const all = selectAll(EMPTY_SELECTION, order)
  const fewer = orderOf(['b', 'd'])
  assert.equal(ids(retain(all, fewer)), 'bd')
  assert.equal(retain(all, fewer).focus, undefined)
  assert.equal(retain(all, order), all)
  assert.equal(ids(clear(all)), '')
})

test('nothing to select in an empty list', () => {
  assert.equal(ids(step(EMPTY_SELECTION, { by: 1, extend: false, keep: false }, orderOf([]))), '')
})
