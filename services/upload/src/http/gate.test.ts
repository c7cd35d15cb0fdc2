import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGate } from './gate.ts'

const never = new AbortController().signal

describe('gate', () => {
  it('I9: lets as many in as it has places, the others in order', async () => {
    const gate = createGate(2)
    const order: string[] = []
    const enter = async (name: string) => {
      const leave = await gate.enter(never)
      order.push(name)
      return leave
    }
    const [first, second] = await Promise.all([enter('a'), enter('b')])
    const third = enter('c')
    const fourth = enter('d')
    await Promise.resolve()
    assert.deepEqual(order, ['a', 'b'])
    first()
    first() // leaving twice gives back one place
    const leaveThird = await third
    assert.deepEqual(order, ['a', 'b', 'c'])
    second()
    const leaveFourth = await fourth
    leaveThird()
    leaveFourth()
    assert.equal((await Promise.all([enter('e'), enter('f')])).length, 2)
  })

  it('who stops waiting takes no place', async () => {
    const gate = createGate(1)
    const leave = await gate.enter(never)
    const impatient = new AbortController()
    const waiting = gate.enter(impatient.signal)
    impatient.abort(new Error('gone'))
    await assert.rejects(waiting, /gone/)
    leave()
    await gate.enter(never)
    await assert.rejects(gate.enter(impatient.signal), /gone/)
  })
})
