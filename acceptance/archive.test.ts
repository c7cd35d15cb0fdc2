import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Client, createUser, type User } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus, send } from './_http.ts'
import { noise, sha256 } from './_seed.ts'
import { foreign } from './_server.ts'
import { createWorld } from './_world.ts'

// A download that breaks off because a file has gone is logged as the error it is.
const { server, admin } = await createWorld({ faulty: true })
const P = '/v1/drives/personal'

interface Archive {
  readonly id: string
  readonly url: string
  readonly name: string
  readonly files: number
  readonly folders: number
  readonly contentBytes: number
  readonly size: number
  readonly expiresAt: string
}

const prepare = async (user: Client, body: unknown = {}): Promise<Archive> =>
  expectStatus(await user.post(`${P}/archives`, body), 201).json<Archive>()

const LARGE = noise('archive', 3_000_000)

/** a/{one.txt, deep/two.bin, empty/}, b.txt */
const fill = async (user: User) => {
  await user.store('a/one.txt', 'first file')
  const two = await user.store('a/deep/two.bin', LARGE)
  const a = expectStatus(await user.get(`${P}/resolve?path=/a`), 200).json<{ id: string }>()
  await user.folder('empty', a.id)
  const b = await user.store('b.txt', 'beside')
  return { a: a.id, two, b: b.id }
}

const noPython = spawnSync('python3', ['--version']).error !== undefined

/** Members by name, read by Python's zipfile, which checks every CRC; folders are null. */
const unpack = async (zip: Buffer): Promise<Record<string, string | null>> => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-archive-'))
  try {
    await writeFile(join(folder, 'a.zip'), zip)
    const script = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    out = {i.filename: None if i.is_dir() else hashlib.sha256(z.read(i)).hexdigest() for i in z.infolist()}
open(sys.argv[2], 'w').write(json.dumps(out))`
    const done = spawnSync('python3', ['-c', script, join(folder, 'a.zip'), join(folder, 'out')], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    return JSON.parse(await readFile(join(folder, 'out'), 'utf8')) as Record<string, string | null>
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('a folder, a selection and a whole drive come as ZIPs with everything in them', { skip: noPython }, async () => {
  const user = await createUser(admin)
  const { a, two, b } = await fill(user)
  const inFolder = {
    'a/': null,
    'a/deep/': null,
    'a/deep/two.bin': sha256(LARGE),
    'a/empty/': null,
    'a/one.txt': sha256(Buffer.from('first file'))
  }
  const beside = sha256(Buffer.from('beside'))
  for (const [body, name, members] of [
    [{ nodeIds: [a] }, 'a.zip', inFolder],
    [{ nodeIds: [b, two.id], name: 'my: choice.zip' }, 'my_ choice.zip', { 'b.txt': beside, 'two.bin': sha256(LARGE) }],
    [{ nodeIds: [a, b, two.id] }, 'Personal.zip', { ...inFolder, 'b.txt': beside }],
    [{}, 'Personal.zip', { ...inFolder, 'b.txt': beside }]
  ] as const) {
    const archive = await prepare(user, body)
    assert.equal(archive.name, name)
    const reply = expectStatus(await user.get(archive.url), 200)
    assert.equal(reply.bytes.length, archive.size)
    assert.equal(reply.headers['content-length'], String(archive.size))
    assert.equal(reply.headers['content-type'], 'application/zip')
    assert.ok(String(reply.headers['content-disposition']).startsWith('attachment; filename='))
    assert.deepEqual(await unpack(reply.bytes), members)
    const head = expectStatus(await user.send({ method: 'HEAD', path: archive.url }), 200)
    assert.equal(head.headers['content-length'], String(archive.size))
    assert.equal(archive.files + archive.folders, Object.keys(members).length)
  }
})

test('a download that broke off goes on where it stopped, and the tree may change meanwhile', async () => {
  const user = await createUser(admin)
  const { a, two } = await fill(user)
  const archive = await prepare(user, { nodeIds: [a] })
  const whole = expectStatus(await user.get(archive.url), 200)
  const etag = String(whole.headers['etag'])
  await user.store('a/deep/two.bin', 'something else now')
  expectStatus(await user.delete(`${P}/nodes/${two.id}`), 204)
  for (const start of [0, 31, 1000, 2_000_000, archive.size - 300, archive.size - 1]) {
    const headers = { range: `bytes=${start}-`, 'if-range': etag }
    const rest = expectStatus(await user.get(archive.url, { headers }), 206)
    assert.equal(rest.headers['content-range'], `bytes ${start}-${archive.size - 1}/${archive.size}`)
    assert.ok(rest.bytes.equals(whole.bytes.subarray(start)), `from ${start}`)
  }
  const other = await user.get(archive.url, { headers: { range: 'bytes=5-', 'if-range': '"other"' } })
  assert.equal(expectStatus(other, 200).bytes.length, archive.size)
  const cached = await user.get(archive.url, { headers: { 'if-none-match': etag } })
  expectStatus(cached, 304)
})

test('a file that is gone for good ends the download visibly instead of shortening the archive', async () => {
  const user = await createUser(admin)
  const files = await Promise.all(Array.from({ length: 3 }, (_, index) => user.store(`f/${index}.bin`, LARGE)))
  const archive = await prepare(user)
  const last = files[2]
  assert.ok(last)
  expectStatus(await user.delete(`${P}/nodes/${last.id}`), 204)
  expectStatus(await user.get(archive.url), 200)
  expectStatus(await user.delete(`${P}/trash/${last.id}`), 204)
  const reply = await user.get(archive.url).catch((error: Error) => error)
  if (reply instanceof Error) assert.match(reply.message, /cut off|aborted|hang up/)
  else expectProblem(reply, 410, 'gone')
})

test('FLT-041 content that is lost ends the download visibly, after what could be sent', {
  skip: foreign !== undefined
}, async () => {
  const user = await createUser(admin)
  const packs = async (): Promise<string[]> => {
    const root = join(server.dataFolder ?? '', 'blobs', 'v1', user.id.replaceAll('-', ''))
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  }
  await user.store('1 whole.bin', noise('whole', 3_000_000))
  const before = new Set(await packs())
  await user.store('2 lost.bin', noise('lost', 3_000_000))
  for (const path of await packs()) if (!before.has(path)) await rm(path)
  const archive = await prepare(user)
  const got = await new Promise<{ status: number | undefined; bytes: number; complete: boolean }>((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const headers = { authorization: `Bearer ${user.signIn.accessToken}` }
    const outgoing = request({ hostname, port, path: archive.url, headers }, (incoming) => {
      let bytes = 0
      incoming.on('data', (part: Buffer) => {
        bytes += part.length
      })
      incoming.on('error', () => undefined)
      incoming.once('close', () => resolve({ status: incoming.statusCode, bytes, complete: incoming.complete }))
    })
    outgoing.once('error', reject).end()
  })
  assert.equal(got.status, 200)
  assert.equal(got.complete, false)
  assert.ok(got.bytes > 3_000_000 && got.bytes < archive.size, `${got.bytes} of ${archive.size}`)
})

test('SEC-013 only its user can fetch an archive, and only while the session that made it lives', async () => {
  const user = await createUser(admin)
  await user.store('x.txt', 'mine')
  const archive = await prepare(user)
  const stranger = await createUser(admin)
  expectProblem(await stranger.get(archive.url), 404, 'not_found')
  expectProblem(await new Client(server.url).get(archive.url), 401, 'unauthenticated')
  const again = await user.appPassword({ scopes: ['files:read'] })
  const app = new Client(server.url, `Bearer ${again.secret}`)
  expectStatus(await app.get(archive.url), 200)
  expectStatus(await user.post('/v1/auth/logout'), 204)
  expectProblem(await app.get(archive.url), 404, 'not_found')
})

test('a browser downloads and resumes by the cookie of the archive alone, until it is signed out', async () => {
  const user = await createUser(admin)
  await user.store('x.bin', noise('cookie', 100_000))
  const origin = new URL(server.url).origin
  const fromPage = { origin, 'x-cairn-csrf': '1', 'content-type': 'application/json' }
  const login = await send(server.url, {
    method: 'POST',
    path: '/v1/auth/login',
    headers: fromPage,
    json: { username: user.username, password: user.password, cookies: true }
  })
  const session =
    expectStatus(login, 200)
      .headers['set-cookie']?.map((line) => line.split(';')[0])
      .join('; ') ?? ''
  const headers = { ...fromPage, cookie: session }
  const made = await send(server.url, { method: 'POST', path: `${P}/archives`, headers, json: {} })
  const archive = expectStatus(made, 201).json<Archive>()
  const [line = ''] = made.headers['set-cookie'] ?? []
  assert.match(line, new RegExp(`; Path=${archive.url}; Max-Age=86400; HttpOnly; SameSite=Lax$`))
  const cookie = line.split(';')[0] ?? ''
  const get = (path: string, value = cookie) =>
    send(server.url, { method: 'GET', path, headers: { cookie: value, range: 'bytes=10-19' } })
  assert.equal(expectStatus(await get(archive.url), 206).bytes.length, 10)
  expectProblem(await get(`/v1/archives/${randomUUID()}`), 401)
  expectProblem(await get(archive.url, `${cookie.slice(0, -2)}AA`), 401)
  expectProblem(await get(`${P}/files/x.bin`), 401)
  const other = await prepare(user)
  expectProblem(await get(other.url), 401)
  expectStatus(await send(server.url, { method: 'POST', path: '/v1/auth/logout', headers, json: {} }), 204)
  expectProblem(await get(archive.url), 404, 'not_found')
})

test('one user has at most four archives under way', async () => {
  const user = await createUser(admin)
  await user.store('large.bin', noise('four', 24_000_000))
  const archive = await prepare(user)
  const slow = Array.from(
    { length: 4 },
    () =>
      new Promise<{ destroy(): void }>((resolve, reject) => {
        const { hostname, port } = new URL(server.url)
        const headers = { authorization: `Bearer ${user.signIn.accessToken}` }
        const outgoing = request({ hostname, port, path: archive.url, headers }, (incoming) => resolve(incoming))
        outgoing.once('error', reject).end()
      })
  )
  const open = await Promise.all(slow)
  const refused = await user.get(archive.url)
  expectProblem(refused, 429, 'rate_limited')
  assert.ok(Number(refused.headers['retry-after']) > 0)
  for (const incoming of open) incoming.destroy()
})

test('SEC-001 SEC-003 requests for an archive are checked like any read', async () => {
  const user = await createUser(admin)
  const stranger = await createUser(admin)
  const theirs = await stranger.store('theirs.txt', 'x')
  expectProblem(await user.post(`${P}/archives`, { nodeIds: [theirs.id] }), 404, 'not_found')
  expectProblem(await user.post(`/v1/drives/${theirs.driveId}/archives`, {}), 404, 'not_found')
  expectProblem(await user.post(`${P}/archives`, { nodeIds: [] }), 400, 'invalid_request')
  expectProblem(await user.post(`${P}/archives`, { nodeIds: ['../x'] }), 400, 'invalid_request')
  expectProblem(await user.post(`${P}/archives`, { nodes: [] }), 400, 'invalid_request')
  const { name } = await prepare(user, { name: '../..\\etc/passwd\r\nx: y' })
  assert.equal(name, '.._.._etc_passwd__x_ y.zip')
  const empty = await prepare(user)
  assert.equal(empty.size, 22)
  assert.equal(expectStatus(await user.get(empty.url), 200).bytes.length, 22)
})

testCoverage(import.meta.filename, server)
