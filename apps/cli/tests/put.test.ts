import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { cli, temporaryFolder } from './_cli.ts'
import { startFakeServer } from './_fake-server.ts'

const MIB = 1024 * 1024

const envOf = (url: string) => ({ CAIRN_URL: url, CAIRN_TOKEN: 'good' })

test('put -r sends a tree in few requests and a second time nothing', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  for (let index = 0; index < 20; index++) {
    const sub = join(folder.path, 'tree', `d${index % 4}`, 'deep')
    await mkdir(sub, { recursive: true })
    await writeFile(join(sub, `f${index}.txt`), `content ${index}`)
  }
  await mkdir(join(folder.path, 'tree', 'empty'))
  await writeFile(join(folder.path, 'tree', 'nothing'), '')
  const big = randomBytes(9 * MIB)
  await writeFile(join(folder.path, 'tree', 'big.bin'), big)

  const first = await cli(['put', '-r', 'tree', '/backup', '--json'], { env, cwd: folder.path })
  assert.equal(first.exit, 0, first.stderr)
  assert.deepEqual(first.json().at(-1), {
    type: 'summary',
    uploaded: 22,
    unchanged: 0,
    folders: 10,
    skipped: 0,
    failed: 0,
    bytes: big.length + 190,
    sentBytes: big.length + 190
  })
  const content = (path: string) => server.store.contents.get(server.store.resolve(path)?.versionId ?? '')
  assert.deepEqual(content('/backup/tree/big.bin'), big)
  assert.equal(content('/backup/tree/d3/deep/f7.txt')?.toString(), 'content 7')
  assert.equal(content('/backup/tree/nothing')?.length, 0)
  assert.ok(server.store.resolve('/backup/tree/empty'))
  // At most one for each level of new folders, one for the files.
  assert.ok(server.log.filter((line) => line.startsWith('POST /v1/drives/personal/batch')).length <= 5)

  const before = server.log.length
  const second = await cli(['put', '-r', 'tree', '/backup', '--json'], { env, cwd: folder.path })
  assert.equal(second.exit, 0, second.stderr)
  assert.equal(second.json().at(-1)?.['unchanged'], 22)
  assert.deepEqual(
    server.log.slice(before).filter((line) => !line.startsWith('GET ')),
    []
  )
})

test('put resumes after it was interrupted: chunks that arrived are not sent again', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  const big = randomBytes(70 * MIB)
  await writeFile(join(folder.path, 'big.bin'), big)

  const abort = new AbortController()
  server.fault = (request) => {
    if (request.url?.endsWith('/frames') && server.framesBytes > 20 * MIB) abort.abort(new Error('killed'))
    return abort.signal.aborted
  }
  const first = await cli(['put', 'big.bin'], { env, cwd: folder.path, signal: abort.signal })
  assert.equal(first.exit, 130, first.stderr)
  assert.equal(server.store.resolve('/big.bin'), undefined)

  server.fault = undefined
  const arrived = server.framesBytes
  assert.ok(arrived > 20 * MIB)
  const second = await cli(['put', 'big.bin', '--json'], { env, cwd: folder.path })
  assert.equal(second.exit, 0, second.stderr)
  assert.equal(second.json().at(-1)?.['sentBytes'], big.length - arrived)
  assert.equal(server.framesBytes, big.length)
  const node = server.store.resolve('/big.bin')
  assert.deepEqual(server.store.contents.get(node?.versionId ?? ''), big)
})

test('put waits out a server that is down, and broken connections', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'a.bin'), randomBytes(3 * MIB))
  let faults = 0
  server.fault = (request, response) => {
    if (request.method === 'GET' || faults >= 9) return false
    faults += 1
    if (faults % 3 === 0) response.writeHead(503, { 'retry-after': '1' }).end()
    else if (faults % 3 === 1) request.socket.destroy()
    else response.writeHead(502).end('<html>')
    return true
  }
  const result = await cli(['put', 'a.bin', '/x/'], { env: envOf(server.url), cwd: folder.path })
  assert.equal(result.exit, 0, result.stderr)
  assert.equal(faults, 9)
  assert.equal(server.store.resolve('/x/a.bin')?.size, 3 * MIB)
})

test('put starts a file again that changes while it is read', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'log.bin')
  await writeFile(path, randomBytes(2 * MIB))
  let changes = 0
  server.fault = (request) => {
    if (request.url?.endsWith('/frames') && changes++ === 0) appendFileSync(path, randomBytes(MIB))
    return false
  }
  const result = await cli(['put', 'log.bin'], { env: envOf(server.url), cwd: folder.path })
  assert.equal(result.exit, 0, result.stderr)
  assert.equal(server.store.resolve('/log.bin')?.size, 3 * MIB)
  assert.equal(server.log.filter((line) => line.endsWith('/commit')).length, 1)
})

test('put skips links and special files with a reason, follows a link given by name', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'd'))
  await writeFile(join(folder.path, 'outside'), 'outside')
  await symlink('../outside', join(folder.path, 'd', 'link'))
  const env = envOf(server.url)
  const result = await cli(['put', '-r', 'd'], { env, cwd: folder.path })
  assert.equal(result.exit, 0, result.stderr)
  assert.match(result.stderr, /link: skipped, symbolic links are not copied/)
  assert.equal(server.store.resolve('/d/link'), undefined)
  const named = await cli(['put', join('d', 'link')], { env, cwd: folder.path })
  assert.equal(named.exit, 0, named.stderr)
  assert.equal(server.store.resolve('/link')?.size, 7)
})

test('put reports single failures and goes on: exit status 8', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'd', 'bad folder'), { recursive: true })
  await writeFile(join(folder.path, 'd', 'bad'), 'x')
  await writeFile(join(folder.path, 'd', 'good'), 'x')
  await writeFile(join(folder.path, 'd', 'Good'), 'y')
  await writeFile(join(folder.path, 'd', 'bad folder', 'inside'), 'x')
  const result = await cli(['put', '-r', 'd', '--json'], { env: envOf(server.url), cwd: folder.path })
  assert.equal(result.exit, 8)
  const failed = result.json().filter((line) => line['status'] === 'failed')
  assert.deepEqual(failed.map((line) => line['remote']).sort(), [
    '/d/bad',
    '/d/bad folder',
    '/d/bad folder/inside',
    '/d/good'
  ])
  assert.equal(server.store.resolve('/d/good')?.size, 1)
})

test('put: names and places', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  const run = (...args: string[]) => cli(['put', ...args], { env, cwd: folder.path })
  await mkdir(join(folder.path, 'd'))
  await writeFile(join(folder.path, 'd', 'x'), 'x')
  await writeFile(join(folder.path, 'f'), 'f')

  assert.equal((await run('f', '/new/name')).exit, 0)
  assert.equal(server.store.resolve('/new/name')?.size, 1)
  assert.equal((await run('f', '/new')).exit, 0)
  assert.ok(server.store.resolve('/new/f'))
  assert.equal((await run('-r', 'd/', '/flat')).exit, 0)
  assert.ok(server.store.resolve('/flat/x'))
  assert.equal((await run('-r', 'd', 'f', '/both')).exit, 0)
  assert.ok(server.store.resolve('/both/d/x') && server.store.resolve('/both/f'))
  assert.equal((await run('d')).exit, 2)
  assert.equal((await run('missing')).exit, 4)
  assert.equal((await run('f', '/a/../b')).exit, 2)
  assert.equal((await run('f', '/flat/x/y')).exit, 5)
})

test('put - sends a pipe', async () => {
  await using server = await startFakeServer()
  const stdin = randomBytes(5 * MIB)
  const result = await cli(['put', '-', '/dump/all.tar'], { env: envOf(server.url), stdin })
  assert.equal(result.exit, 0, result.stderr)
  assert.deepEqual(server.store.contents.get(server.store.resolve('/dump/all.tar')?.versionId ?? ''), stdin)
})

test('put --checksum leaves a file alone whose time alone has changed', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const env = envOf(server.url)
  const path = join(folder.path, 'f')
  await writeFile(path, 'same')
  await cli(['put', 'f'], { env, cwd: folder.path })
  await utimes(path, 1000, 1000)
  const compared = await cli(['put', '-c', 'f', '--json'], { env, cwd: folder.path })
  assert.equal(compared.json()[0]?.['status'], 'unchanged')
  const plain = await cli(['put', 'f', '--json'], { env, cwd: folder.path })
  assert.equal(plain.json()[0]?.['status'], 'updated')
})
