import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrange, type ListedNode } from './arrange.ts'
import { safeName } from './safe-name.ts'

const file = (name: string, parentId = 'outside', nodeId = name): ListedNode => ({
  nodeId,
  parentId,
  name,
  versionId: 'v',
  size: 1,
  mtimeMs: 0
})
const folder = (name: string, parentId = 'outside', nodeId = name): ListedNode => ({
  ...file(name, parentId, nodeId),
  versionId: '',
  size: 9
})
const paths = (nodes: readonly ListedNode[]): string[] => arrange(nodes).map(({ path }) => path)

const UNSAFE: readonly [string, string][] = [
  ['..\\..\\evil', '.._.._evil'],
  ['C:\\x', 'C__x'],
  ['a/b', 'a_b'],
  ['what? *is* "this" <|>', 'what_ _is_ _this_ ___'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['COM¹', '_COM¹'],
  ['console', 'console'],
  ['trailing. . ', 'trailing____'],
  ['...', '___'],
  ['exe.\u202efdp', 'exe._fdp'],
  ['bell\u0007', 'bell_'],
  ['e\u0301', 'é'],
  ['.hidden', '.hidden'],
  ['-rf', '-rf'],
  ['日本 🗻', '日本 🗻']
]

for (const [name, safe] of UNSAFE) {
  test(`SEC-001 ${JSON.stringify(name)} becomes ${JSON.stringify(safe)}`, () => assert.equal(safeName(name), safe))
}

test('SEC-001 no name is too long, and none is cut within a character', () => {
  for (const name of ['é'.repeat(200), `${'🗻'.repeat(70)}.txt`]) {
    assert.ok(Buffer.byteLength(safeName(name)) <= 255)
    assert.doesNotMatch(safeName(name), /\ufffd/)
  }
})

test('depth first, folders before what they hold, siblings by name; the root is no member', () => {
  const nodes = [file('z', 'b'), file('c', 'root'), folder('b', 'root'), folder('a', 'b'), folder('', '', 'root')]
  assert.deepEqual(paths(nodes), ['b/', 'b/a/', 'b/z', 'c'])
})

test('names that are alike somewhere are numbered, so that none overwrites another', () => {
  const nodes = ['x?.txt', 'x*.txt', 'X_.TXT', 'x_ (2).txt', 'x_.txt'].map((name, index) =>
    file(name, 'outside', `node ${index}`)
  )
  const found = paths(nodes)
  assert.equal(new Set(found.map((path) => path.toUpperCase())).size, 5)
  assert.deepEqual(found.slice(0, 3), ['X_.TXT', 'x_ (2).txt', 'x_ (3).txt'])
})

test('thousands of names that fold alike take no longer than others', () => {
  const nodes = Array.from({ length: 20_000 }, (_, index) =>
    file([...index.toString(4).padStart(8, '0')].map((digit) => ':*?|'[Number(digit)]).join(''), 'outside', `${index}`)
  )
  const found = paths(nodes)
  assert.equal(new Set(found).size, nodes.length)
  assert.equal(found.at(-1), '________ (20000)')
})
