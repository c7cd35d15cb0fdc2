import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cli } from './_cli.ts'
import { startFakeServer } from './_fake-server.ts'

const envOf = (url: string) => ({ CAIRN_URL: url, CAIRN_TOKEN: 'good' })

test('ls goes through all pages and makes names harmless for the terminal', async () => {
  await using server = await startFakeServer()
  const { store } = server
  for (const name of ['a', 'b', 'c', 'd', 'evil\u001b[2J\u202egpj.exe']) {
    store.putFile({ parentId: store.root.id, name, content: Buffer.from('x'), mtime: 0 })
  }
  const env = envOf(server.url)
  const plain = await cli(['ls'], { env })
  assert.equal(plain.stdout, 'a\nb\nc\nd\nevil\\x1b[2J\\u{202e}gpj.exe\n')
  const json = await cli(['ls', '--json'], { env })
  assert.equal(json.json()[4]?.['name'], 'evil\u001b[2J\u202egpj.exe')
})

test('exit statuses: network 7, not found 4, usage 2, help 0', async () => {
  const env = { CAIRN_URL: 'http://127.0.0.1:1', CAIRN_TOKEN: 'x' }
  assert.equal((await cli(['ls', '--retry-for', '0'], { env })).exit, 7)
  assert.equal((await cli(['frobnicate'], { env })).exit, 2)
  assert.equal((await cli(['ls', '--server', 'ftp://x'], { env })).exit, 2)
  const help = await cli(['ls', '--help'])
  assert.equal(help.exit, 0)
  assert.match(help.stdout, /list a folder/)
  await using server = await startFakeServer()
  const missing = await cli(['ls', '/none', '--json'], { env: envOf(server.url) })
  assert.equal(missing.exit, 4)
  assert.deepEqual(JSON.parse(missing.stderr), {
    error: { code: 'not_found', message: '/none: no such file or folder' }
  })
})

test('mkdir -p makes what is missing; tree shows it', async () => {
  await using server = await startFakeServer()
  const env = envOf(server.url)
  assert.equal((await cli(['mkdir', '-p', '/a/b/c', '/a/d'], { env })).exit, 0)
  const tree = await cli(['tree'], { env })
  assert.equal(tree.stdout, '/\n└── a/\n    ├── b/\n    │   └── c/\n    └── d/\n')
})
