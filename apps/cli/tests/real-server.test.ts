import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type RealServer, startRealServer } from './_real-server.ts'

const MIB = 1024 * 1024

let server: RealServer
before(async () => {
  server = await startRealServer()
})
after(() => server[Symbol.asyncDispose]())

const ok = async (...args: string[]) => {
  const result = await server.run([...args, '--json'])
  assert.equal(result.exit, 0, `${args.join(' ')}: ${result.stderr}`)
  return result.json()
}

test('a tree goes up in chunks and batches and comes back the same', async () => {
  const tree = join(server.folder, 'tree')
  const files = new Map<string, Buffer>([
    ['big.bin', randomBytes(21 * MIB + 5)],
    ['zeros.bin', Buffer.alloc(20 * MIB)],
    ['text.txt', Buffer.from('the same line again\n'.repeat(300_000))],
    ['empty', Buffer.alloc(0)],
    ['sub/edge', randomBytes(256 * 1024)],
    ['sub/edge+1', randomBytes(256 * 1024 + 1)],
    ['sub/deeper/näme ✓', Buffer.from('x')]
  ])
  for (let index = 0; index < 600; index++) files.set(`many/${index}`, Buffer.from(`file ${index}`))
  for (const [name, content] of files) {
    await mkdir(join(tree, name, '..'), { recursive: true })
    await writeFile(join(tree, name), content)
  }
  const first = await ok('put', '-r', 'tree', '/up')
  assert.equal(first.at(-1)?.['uploaded'], files.size)
  assert.equal((await ok('put', '-r', 'tree', '/up')).at(-1)?.['unchanged'], files.size)
  assert.equal((await ok('get', '-r', '/up/tree', 'down')).at(-1)?.['downloaded'], files.size)
  for (const [name, content] of files) {
    assert.ok(content.equals(await readFile(join(server.folder, 'down/tree', name))), name)
  }
  assert.equal((await ok('get', '-r', '/up/tree', 'down')).at(-1)?.['unchanged'], files.size)
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0)
  assert.equal((await ok('du', '/up'))[0]?.['size'], total)
})

test('a changed file sends only the chunks that changed', async () => {
  const path = join(server.folder, 'edited.bin')
  const content = randomBytes(30 * MIB)
  await writeFile(path, content)
  await ok('put', 'edited.bin')
  content[15 * MIB] = (content[15 * MIB] ?? 0) ^ 1
  await writeFile(path, content)
  const [item, summary] = await ok('put', 'edited.bin')
  assert.equal(item?.['status'], 'updated')
  assert.ok(Number(summary?.['sentBytes']) <= 8 * MIB)
  assert.ok(content.equals((await server.run(['cat', '/edited.bin'])).bytes))
})

test('versions: list, get, restore', async () => {
  await writeFile(join(server.folder, 'v.txt'), 'first')
  await ok('put', 'v.txt')
  await writeFile(join(server.folder, 'v.txt'), 'second!')
  await ok('put', 'v.txt')
  const versions = await ok('versions', 'list', '/v.txt')
  assert.deepEqual(
    versions.map((version) => version['size']),
    [7, 5]
  )
  const old = String(versions[1]?.['id'])
  await ok('versions', 'get', '/v.txt', old, 'old.txt')
  assert.equal(await readFile(join(server.folder, 'old.txt'), 'utf8'), 'first')
  await ok('versions', 'restore', '/v.txt', old)
  assert.equal((await server.run(['cat', '/v.txt'])).stdout, 'first')
})

test('moving, copying, removing and bringing back', async () => {
  const names = async (path: string) => (await ok('ls', path)).map((node) => node['name'])
  await writeFile(join(server.folder, 'f'), 'f')
  await ok('mkdir', '-p', '/m/a', '/m/b')
  await ok('put', 'f', '/m/a/')
  await ok('cp', '/m/a/f', '/m/b')
  await ok('mv', '/m/a/f', '/m/a/F')
  assert.deepEqual([await names('/m/a'), await names('/m/b')], [['F'], ['f']])
  assert.equal((await server.run(['mv', '/m/a/F', '/m/b/f'])).exit, 5)
  await ok('mv', '--rename', '/m/a/F', '/m/b/f')
  assert.deepEqual(await names('/m/b'), ['f', 'f (2)'])
  assert.equal((await server.run(['mv', '/m', '/m/a'])).exit, 5)
  assert.equal((await server.run(['rm', '/m/b'])).exit, 2)
  await ok('rm', '-r', '/m/b')
  assert.equal((await server.run(['ls', '/m/b'])).exit, 4)
  assert.equal((await ok('trash', 'list'))[0]?.['trashedPath'], 'm/b')
  await ok('trash', 'restore', 'b')
  assert.deepEqual(await names('/m/b'), ['f', 'f (2)'])
  await ok('rm', '-r', '/m/b')
  await ok('trash', 'purge', 'b')
  assert.deepEqual(await ok('trash', 'list'), [])
})

test('an app password is enough for files, not for itself', async () => {
  const [created] = await ok('app-password', 'create', 'script', '--scope', 'files:read')
  const env = { CAIRN_TOKEN: String(created?.['secret']) }
  assert.equal((await server.run(['ls'], { env })).exit, 0)
  assert.equal((await server.run(['mkdir', '/no'], { env })).exit, 3)
  assert.equal((await server.run(['app-password', 'list'], { env })).exit, 3)
  await ok('app-password', 'revoke', String(created?.['id']))
  assert.equal((await ok('app-password', 'list')).length, 0)
})

test('a full quota is exit status 6 and leaves nothing visible', async () => {
  const password = 'another long enough password'
  const added = await server.run(['admin', 'user', 'add', 'bob', '--password-stdin'], { stdin: password })
  assert.equal(added.exit, 0, added.stderr)
  await ok('admin', 'user', 'quota', 'bob', '3M')
  const env = { CAIRN_CONFIG_HOME: join(server.folder, 'bob') }
  assert.equal(
    (await server.run(['login', server.url, '-u', 'bob', '--password-stdin'], { env, stdin: password })).exit,
    0
  )
  await writeFile(join(server.folder, 'four.bin'), randomBytes(4 * MIB))
  const refused = await server.run(['put', 'four.bin'], { env })
  assert.equal(refused.exit, 6, refused.stderr)
  assert.equal((await server.run(['ls'], { env })).stdout, '')
  await ok('admin', 'user', 'disable', 'bob')
  assert.equal((await server.run(['ls'], { env })).exit, 3)
})

test('parallel commands share one session through its renewal', async () => {
  const results = await Promise.all(Array.from({ length: 6 }, () => server.run(['whoami', '--json'])))
  assert.deepEqual(
    results.map(({ exit }) => exit),
    Array(6).fill(0)
  )
})

test('doctor finds no damage, gc runs', async () => {
  const [report] = await ok('doctor', '--level', '3')
  assert.equal(report?.['total'], 0)
  await ok('gc')
  assert.equal((await ok('doctor', '--level', '3'))[0]?.['total'], 0)
})
