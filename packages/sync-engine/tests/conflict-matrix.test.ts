import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SimulatedClient, type World } from './simulation/client.ts'
import { SeededRandom } from './simulation/random.ts'
import { Scheduler } from './simulation/scheduler.ts'
import { SimulatedServer } from './simulation/server.ts'

type Doing = (device: SimulatedClient) => void

const write =
  (path: string, content: string): Doing =>
  ({ disk }) =>
    disk.write(path, content, { durable: true })
const make =
  (path: string): Doing =>
  ({ disk }) =>
    disk.makeFolder(path)
const move =
  (from: string, to: string): Doing =>
  ({ disk }) =>
    disk.rename(from, to)
const remove =
  (path: string): Doing =>
  ({ disk }) => {
    const all = (at: string): void => {
      for (const name of disk.children(at)) all(`${at}/${name}`)
      disk.remove(at)
    }
    all(path)
  }

interface Case {
  /** What both have. */
  readonly given?: readonly Doing[]
  /** What the first device does and sends. */
  readonly first: readonly Doing[]
  /** What the second one has done meanwhile, without network. */
  readonly second: readonly Doing[]
  /** What both have in the end; folders without content. */
  readonly end: Readonly<Record<string, string | undefined>>
}

/** Two devices, one after the other, until nothing moves any more; both and the server must have the same. */
const play = async ({ given = [], first, second, end }: Case): Promise<void> => {
  const random = new SeededRandom(1)
  const scheduler = new Scheduler(random)
  const world: World = { random, scheduler, server: new SimulatedServer(), faults: 0, crashes: false }
  const [one, two] = [new SimulatedClient('one', world), new SimulatedClient('two', world)]
  const sync = async (client: SimulatedClient): Promise<void> => {
    await scheduler.run([client.run().then((outcome) => assert.ok(outcome.settled, JSON.stringify(outcome.failures)))])
  }
  for (const doing of given) doing(one)
  await sync(one)
  await sync(two)
  for (const doing of first) doing(one)
  for (const doing of second) doing(two)
  await sync(one)
  await sync(two)
  await sync(one)
  await sync(two)
  for (const tree of [one.tree(), two.tree(), world.server.tree()]) assert.deepEqual(Object.fromEntries(tree), end)
}

const COPY = '(conflicted copy, two, 2026-01-02)'

const CASES: Readonly<Record<string, Case>> = {
  'edit, edit: the second becomes a conflicted copy': {
    given: [write('a.txt', 'old')],
    first: [write('a.txt', 'ONE')],
    second: [write('a.txt', 'TWO')],
    end: { 'a.txt': 'ONE', [`a ${COPY}.txt`]: 'TWO' }
  },
  'edit, same edit: agreed': {
    given: [write('a', 'old')],
    first: [write('a', 'new')],
    second: [write('a', 'new')],
    end: { a: 'new' }
  },
  'edit, delete: the file survives': {
    given: [write('a', 'old')],
    first: [write('a', 'new')],
    second: [remove('a')],
    end: { a: 'new' }
  },
  'delete, edit: the file survives': {
    given: [write('a', 'old')],
    first: [remove('a')],
    second: [write('a', 'new')],
    end: { a: 'new' }
  },
  'delete, delete': { given: [write('a', 'old')], first: [remove('a')], second: [remove('a')], end: {} },
  'rename, edit: both apply': {
    given: [write('a', 'old')],
    first: [move('a', 'b')],
    second: [write('a', 'new')],
    end: { b: 'new' }
  },
  'edit, rename: both apply': {
    given: [write('a', 'old')],
    first: [write('a', 'new')],
    second: [move('a', 'b')],
    end: { b: 'new' }
  },
  'move, move elsewhere: the first place': {
    given: [write('a', 'old'), make('d'), make('e')],
    first: [move('a', 'd/a')],
    second: [move('a', 'e/a')],
    end: { d: undefined, 'd/a': 'old', e: undefined }
  },
  'move A into B, move B into A: the first': {
    given: [make('A'), make('B'), write('A/x', 'x'), write('B/y', 'y')],
    first: [move('A', 'B/A')],
    second: [move('B', 'A/B')],
    end: { B: undefined, 'B/y': 'y', 'B/A': undefined, 'B/A/x': 'x' }
  },
  'move, delete: a file goes in its new place': {
    given: [write('a', 'old'), make('d')],
    first: [move('a', 'd/a')],
    second: [remove('a')],
    end: { d: undefined }
  },
  'delete, move: an unchanged file goes': {
    given: [write('a', 'old'), make('d')],
    first: [remove('a')],
    second: [move('a', 'd/a')],
    end: { d: undefined }
  },
  'delete, move and edit: the new content survives': {
    given: [write('a', 'old'), make('d')],
    first: [remove('a')],
    second: [move('a', 'd/a'), write('d/a', 'new')],
    end: { d: undefined, 'd/a': 'new' }
  },
  'create, create the same: agreed': { first: [write('x', 'same')], second: [write('x', 'same')], end: { x: 'same' } },
  'create, create another: the second is suffixed': {
    first: [write('x.y', 'ONE')],
    second: [write('x.y', 'TWO')],
    end: { 'x.y': 'ONE', [`x ${COPY}.y`]: 'TWO' }
  },
  'two folders of one name become one': {
    first: [make('x'), write('x/a', 'a'), write('x/c', 'ONE')],
    second: [make('x'), write('x/b', 'b'), write('x/c', 'TWO')],
    end: { x: undefined, 'x/a': 'a', 'x/b': 'b', 'x/c': 'ONE', [`x/c ${COPY}`]: 'TWO' }
  },
  'folder x, file x: the file is suffixed': {
    first: [make('x')],
    second: [write('x', 'TWO')],
    end: { x: undefined, [`x ${COPY}`]: 'TWO' }
  },
  'file x, folder x: the second is suffixed': {
    first: [write('x', 'ONE')],
    second: [make('x'), write('x/y', 'TWO')],
    end: { x: 'ONE', [`x ${COPY}`]: undefined, [`x ${COPY}/y`]: 'TWO' }
  },
  'rename to x, rename another to x: the second is suffixed': {
    given: [write('a', 'A'), write('b', 'B')],
    first: [move('a', 'x')],
    second: [move('b', 'x')],
    end: { x: 'A', [`x ${COPY}`]: 'B' }
  },
  'rename to x, create x: the second is suffixed': {
    given: [write('a', 'A')],
    first: [move('a', 'x')],
    second: [write('x', 'NEW')],
    end: { x: 'A', [`x ${COPY}`]: 'NEW' }
  },
  'Foo, foo: the second is suffixed': {
    first: [write('Foo', 'ONE')],
    second: [write('foo', 'TWO')],
    end: { Foo: 'ONE', 'foo (case conflict)': 'TWO' }
  },
  'a rename to another spelling is a rename': {
    given: [write('foo', 'A'), make('dir'), write('dir/b', 'B')],
    first: [move('foo', 'FOO'), move('dir', 'Dir')],
    second: [],
    end: { FOO: 'A', Dir: undefined, 'Dir/b': 'B' }
  },
  'child edited, folder deleted: the folder comes back for it alone': {
    given: [make('d'), write('d/a', 'old'), write('d/b', 'b')],
    first: [write('d/a', 'new')],
    second: [remove('d')],
    end: { d: undefined, 'd/a': 'new' }
  },
  'child created, folder deleted': {
    given: [make('d'), write('d/b', 'b')],
    first: [write('d/a', 'new')],
    second: [remove('d')],
    end: { d: undefined, 'd/a': 'new' }
  },
  'folder deleted, child edited: a folder for it alone': {
    given: [make('d'), make('d/e'), write('d/e/a', 'old'), write('d/b', 'b')],
    first: [remove('d')],
    second: [write('d/e/a', 'new')],
    end: { d: undefined, 'd/e': undefined, 'd/e/a': 'new' }
  },
  'folder deleted, child created': {
    given: [make('d'), write('d/b', 'b')],
    first: [remove('d')],
    second: [write('d/a', 'new')],
    end: { d: undefined, 'd/a': 'new' }
  },
  'folder deleted, child moved out: the move wins': {
    given: [make('d'), write('d/a', 'A'), write('d/b', 'B')],
    first: [remove('d')],
    second: [move('d/a', 'a'), write('a', 'edited')],
    end: { a: 'edited' }
  },
  'child moved out, folder deleted: the rest goes': {
    given: [make('d'), write('d/a', 'A'), write('d/b', 'B')],
    first: [move('d/a', 'a')],
    second: [remove('d')],
    end: { a: 'A' }
  },
  'moved in, folder deleted: the folder stays for it': {
    given: [make('d'), write('d/b', 'B'), write('x', 'X')],
    first: [move('x', 'd/x')],
    second: [remove('d')],
    end: { d: undefined, 'd/x': 'X' }
  },
  'folder deleted, moved in: it goes back': {
    given: [make('d'), write('d/b', 'B'), write('x', 'X')],
    first: [remove('d')],
    second: [move('x', 'd/x')],
    end: { x: 'X' }
  },
  'file replaced by a folder, edited: the file is restored beside it': {
    given: [write('x', 'old')],
    first: [remove('x'), make('x'), write('x/y', 'Y')],
    second: [write('x', 'NEW')],
    end: { x: undefined, 'x/y': 'Y', 'x (2)': 'NEW' }
  },
  'names in a circle': {
    given: [write('a', 'A'), write('b', 'B'), make('c'), write('c/z', 'Z')],
    first: [move('a', 't'), move('c', 'a'), move('b', 'c'), move('t', 'b')],
    second: [],
    end: { a: undefined, 'a/z': 'Z', b: 'A', c: 'B' }
  },
  'a folder and what is in it change places': {
    given: [make('a'), make('a/b'), write('a/b/x', 'X')],
    first: [move('a/b', 't'), move('a', 't/b'), move('t', 'a')],
    second: [write('a/b/y', 'Y')],
    end: { a: undefined, 'a/b': undefined, 'a/x': 'X', 'a/y': 'Y' }
  }
}

describe('conflict matrix, first and second to commit', () => {
  for (const [name, script] of Object.entries(CASES)) it(name, () => play(script))
})
