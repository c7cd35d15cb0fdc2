import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createLogger } from './logger.ts'
import { ModuleGraphError, type ModuleNode, sortModules } from './module-graph.ts'
import { type ModuleLife, startModules } from './modules.ts'

const logger = createLogger({ level: 'silent' })

const node = (name: string, ...dependencies: string[]): ModuleNode => ({ name, dependencies })

/** Modules that write down what happens to them; `fail` names steps that reject, e.g. "b.start". */
const recorder = (fail: readonly string[] = []) => {
  const events: string[] = []
  const step = async (event: string): Promise<void> => {
    events.push(event)
    if (fail.includes(event)) throw new Error(`${event} failed`)
  }
  const create = async ({ name }: ModuleNode): Promise<ModuleLife> => {
    await step(`${name}.create`)
    return {
      start: () => step(`${name}.start`),
      drain: () => step(`${name}.drain`),
      dispose: () => step(`${name}.dispose`)
    }
  }
  return { events, create }
}

describe('module graph', () => {
  test('dependencies come first, else the given order is kept', () => {
    const sorted = sortModules([
      node('gateway', 'upload', 'auth'),
      node('upload', 'storage'),
      node('storage'),
      node('auth')
    ])
    assert.deepEqual(
      sorted.map(({ name }) => name),
      ['storage', 'upload', 'auth', 'gateway']
    )
  })

  test('cycles, missing and doubled modules are refused by name', () => {
    assert.throws(() => sortModules([node('a', 'b'), node('b', 'c'), node('c', 'a')]), /circle: a → b → c → a/)
    assert.throws(() => sortModules([node('a', 'a')]), ModuleGraphError)
    assert.throws(() => sortModules([node('a', 'ghost')]), /"a" needs "ghost"/)
    assert.throws(() => sortModules([node('a'), node('a')]), /"a" is listed twice/)
  })

  test('a dependency may be served by another process', () => {
    assert.equal(sortModules([node('upload', 'storage')], new Set(['storage'])).length, 1)
  })
})

describe('modules', () => {
  test('all are created, then started, in order; drained, then disposed, in reverse', async () => {
    const { events, create } = recorder()
    const running = await startModules([node('b', 'a'), node('a')], create, { logger })
    assert.deepEqual(events.splice(0), ['a.create', 'b.create', 'a.start', 'b.start'])
    await Promise.all([running.stop(), running.stop()])
    assert.deepEqual(events, ['b.drain', 'a.drain', 'b.dispose', 'a.dispose'])
  })

  test('when one cannot be created, those before it are stopped', async () => {
    const { events, create } = recorder(['b.create'])
    await assert.rejects(
      startModules([node('a'), node('b', 'a'), node('c')], create, { logger }),
      /"b" did not start: b.create failed/
    )
    assert.deepEqual(events, ['a.create', 'b.create', 'a.drain', 'a.dispose'])
  })

  test('when one cannot start, all that were created are stopped', async () => {
    const { events, create } = recorder(['a.start'])
    await assert.rejects(startModules([node('a'), node('b', 'a')], create, { logger }), /"a" did not start/)
    assert.deepEqual(events, ['a.create', 'b.create', 'a.start', 'b.drain', 'a.drain', 'b.dispose', 'a.dispose'])
  })

  test('a failing step does not keep the others from stopping', async () => {
    const { events, create } = recorder(['b.drain', 'a.dispose'])
    const running = await startModules([node('a'), node('b', 'a')], create, { logger })
    events.splice(0)
    await assert.rejects(running.stop(), (error: AggregateError) => error.errors.length === 2)
    assert.deepEqual(events, ['b.drain', 'a.drain', 'b.dispose', 'a.dispose'])
  })

  test('drains are told when patience ends', async () => {
    const create = async (): Promise<ModuleLife> => ({
      drain: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    })
    const running = await startModules([node('a')], create, { logger, drainTimeout: 20 })
    await running.stop()
  })

  test('a module that never becomes ready is a failure', async () => {
    const create = async (): Promise<ModuleLife> => ({ start: () => new Promise(() => undefined) })
    await assert.rejects(
      startModules([node('a')], create, { logger, startTimeout: 20 }),
      /"a" did not start: not ready after 20 ms/
    )
  })
})
