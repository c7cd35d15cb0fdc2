import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ItemState, isFinal, mayBecome } from './model.ts'

const STATES: readonly ItemState[] = [
  'queued',
  'sending',
  'committing',
  'paused',
  'conflict',
  'failed',
  'detached',
  'done',
  'unchanged',
  'skipped'
]

test('nothing leaves a final state, and everything else can reach one', () => {
  for (const state of STATES) {
    const reached = new Set<ItemState>([state])
    for (const from of reached) for (const to of STATES) if (mayBecome(from, to)) reached.add(to)
    if (isFinal(state)) assert.equal(reached.size, 1, state)
    else assert.ok([...reached].some(isFinal), state)
  }
})

test('a file is only committed from being sent', () => {
  assert.deepEqual(
    STATES.filter((state) => mayBecome(state, 'committing')),
    ['sending']
  )
})
