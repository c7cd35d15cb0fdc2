import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { cli, temporaryFolder } from './_cli.ts'
import { startFakeServer } from './_fake-server.ts'
import type { FakeStore } from './_fake-store.ts'

const MIB = 1024 * 1024
const MTIME = Date.parse('2020-02-02T02:02:02.222Z')

const envOf = (url: string) => ({ CAIRN_URL: url, CAIRN_TOKEN: 'good' })

const put = (store: FakeStore, path: string, content: Buffer) => {
  const names = path.split('/').filter(Boolean)
  const name = names.pop() ?? ''
  const folder = names.reduce((node, each) => store.makeFolder(node.id, each), store.root)
  return store.putFile({ parentId: folder.id, name, content, mtime: MTIME })
}

test('get -r fetches a tree with its times, and a second time nothing', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  const big = randomBytes(40 * MIB + 7)
  put(server.store, '/photos/big.bin', big)
  put(server.store, '/photos/empty', Buffer.alloc(0))
  for (let index = 0; index < 10; index++) put(server.store, `/photos/sub/deep/${index}`, Buffer.from(`${index}`))

  const first = await cli(['get', '-r', '/photos', 'here', '--json'], { env, cwd: folder.path })
  assert.equal(first.exit, 0, first.stderr)
  assert.deepEqual(await readFile(join(folder.path, 'here/photos/big.bin')), big)
  assert.equal(await readFile(join(folder.path, 'here/photos/sub/deep/7'), 'utf8'), '7')
  assert.equal(Math.round((await stat(join(folder.path, 'here/photos/empty'))).mtimeMs), MTIME)
  assert.deepEqual((await readdir(join(folder.path, 'here/photos'))).sort(), ['big.bin', 'empty', 'sub'])
  const second = await cli(['get', '-r', '/photos', 'here', '--json'], { env, cwd: folder.path })
  assert.equal(second.json().at(-1)?.['unchanged'], 12)
})

test('get resumes a partial file, after broken connections and in another run', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  const big = randomBytes(100 * MIB)
  put(server.store, '/big.bin', big)
  const abort = new AbortController()
  const ranges: string[] = []
  server.fault = (request) => {
    if (request.headers.range === undefined) return false
    ranges.push(request.headers.range)
    if (ranges.length === 5) abort.abort(new Error('killed'))
    return ranges.length >= 5
  }
  const first = await cli(['get', '/big.bin', '-j', '1'], { env, cwd: folder.path, signal: abort.signal })
  assert.equal(first.exit, 130)
  assert.ok(!(await readdir(folder.path)).includes('big.bin'))

  const again: string[] = []
  server.fault = (request, response) => {
    if (request.headers.range === undefined) return false
    again.push(request.headers.range)
    if (again.length !== 2) return false
    // Half an answer, then nothing.
    response.writeHead(206, { 'content-length': String(16 * MIB) })
    const [, start = '0'] = /bytes=(\d+)/.exec(request.headers.range) ?? []
    response.write(big.subarray(Number(start), Number(start) + 5 * MIB), () => request.socket.destroySoon())
    return true
  }
  const second = await cli(['get', '/big.bin'], { env, cwd: folder.path })
  assert.equal(second.exit, 0, second.stderr)
  assert.deepEqual(await readFile(join(folder.path, 'big.bin')), big)
  assert.ok(!again.includes('bytes=0-16777215'), 'what the first run fetched is fetched again')
  assert.deepEqual(await readdir(folder.path), ['big.bin'])
})

test('get: names and places', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  const run = (...args: string[]) => cli(['get', ...args], { env, cwd: folder.path })
  put(server.store, '/d/x', Buffer.from('x'))
  assert.equal((await run('/d/x')).exit, 0)
  assert.equal((await run('/d/x', 'other')).exit, 0)
  assert.equal((await run('/d/x', 'sub/')).exit, 0)
  assert.equal((await run('-r', '/d/', 'flat')).exit, 0)
  for (const path of ['x', 'other', 'sub/x', 'flat/x']) assert.ok(await stat(join(folder.path, path)))
  assert.equal((await run('/d')).exit, 2)
  assert.equal((await run('/none')).exit, 4)
})

test('get -n leaves a local file that differs; without it the file is replaced', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  put(server.store, '/x', Buffer.from('server'))
  await writeFile(join(folder.path, 'x'), 'local')
  const kept = await cli(['get', '-n', '/x'], { env, cwd: folder.path })
  assert.equal(kept.exit, 0)
  assert.match(kept.stderr, /another file is there/)
  assert.equal(await readFile(join(folder.path, 'x'), 'utf8'), 'local')
  assert.equal((await cli(['get', '/x'], { env, cwd: folder.path })).exit, 0)
  assert.equal(await readFile(join(folder.path, 'x'), 'utf8'), 'server')
})

test('get writes nowhere else, whatever the names on the server', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const { store } = server
  const evil = store.makeFolder(store.root.id, 'evil')
  for (const name of ['..', '.', '', '../up', '/abs', 'a/b', 'nul\0byte']) {
    store.putFile({ parentId: evil.id, name, content: Buffer.from('x'), mtime: MTIME })
  }
  const dots = store.makeFolder(evil.id, '.. ')
  store.nodes.set(dots.id, { ...dots, name: '..' })
  store.putFile({ parentId: dots.id, name: 'escaped', content: Buffer.from('x'), mtime: MTIME })
  await mkdir(join(folder.path, 'in'))
  const result = await cli(['get', '-r', '/evil', 'in', '--json'], { env: envOf(server.url), cwd: folder.path })
  assert.equal(result.exit, 8)
  assert.deepEqual(await readdir(folder.path), ['in'])
  assert.deepEqual(await readdir(join(folder.path, 'in')), ['evil'])
  const names = await readdir(join(folder.path, 'in/evil'))
  assert.deepEqual(names.sort(), ['%', '%2E', '%2E%2E', '%2Fabs', '..%2Fup', 'a%2Fb', 'nul%00byte'])
})

test('get does not write through links that stand in the target', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  put(server.store, '/d/sub/x', Buffer.from('x'))
  put(server.store, '/d/file', Buffer.from('new'))
  const outside = join(folder.path, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'victim'), 'untouched')
  await mkdir(join(folder.path, 'd'))
  await symlink(outside, join(folder.path, 'd/sub'))
  await symlink(join(outside, 'victim'), join(folder.path, 'd/file'))
  const result = await cli(['get', '-r', '/d'], { env: envOf(server.url), cwd: folder.path })
  assert.equal(result.exit, 8)
  assert.match(result.stderr, /nothing is written through it/)
  assert.deepEqual(await readdir(outside), ['victim'])
  assert.equal(await readFile(join(outside, 'victim'), 'utf8'), 'untouched')
  await assert.rejects(readlink(join(folder.path, 'd/file')))
  assert.equal(await readFile(join(folder.path, 'd/file'), 'utf8'), 'new')
})

test('cat writes the bytes as they are', async () => {
  await using server = await startFakeServer()
  put(server.store, '/a', Buffer.from('one '))
  put(server.store, '/b', Buffer.from('two'))
  const result = await cli(['cat', '/a', '/b'], { env: envOf(server.url) })
  assert.equal(result.exit, 0, result.stderr)
  assert.equal(result.stdout, 'one two')
})
