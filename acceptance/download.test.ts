import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createUser, encodePath } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { createRandom, noise, SEED, sha256 } from './_seed.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'
const SIZE = 6_000_000
const content = noise('download', SIZE)

test(`ranges are exact wherever they begin and end (seed ${SEED})`, async () => {
  const user = await createUser(admin)
  const { id } = await user.store('ranges.bin', content)
  const random = createRandom(SEED)
  const pick = (below: number): number => Math.floor(random() * below)
  const ranges: [number, number][] = [
    [0, 0],
    [SIZE - 1, SIZE - 1],
    [0, SIZE - 1]
  ]
  for (let round = 0; round < 40; round += 1) {
    const start = pick(SIZE)
    ranges.push([start, Math.min(SIZE - 1, start + pick(round % 2 ? 2000 : 3_000_000))])
  }
  for (const [start, end] of ranges) {
    const headers = { range: `bytes=${start}-${end}` }
    const reply = expectStatus(await user.get(`${P}/nodes/${id}/content`, { headers }), 206)
    assert.equal(reply.headers['content-range'], `bytes ${start}-${end}/${SIZE}`)
    assert.equal(sha256(reply.bytes), sha256(content.subarray(start, end + 1)), `${start}-${end}`)
  }
  const suffix = await user.get(`${P}/files/ranges.bin`, { headers: { range: 'bytes=-100' } })
  assert.deepEqual(expectStatus(suffix, 206).bytes, content.subarray(SIZE - 100))
  const open = await user.get(`${P}/files/ranges.bin`, { headers: { range: `bytes=${SIZE - 10}-` } })
  assert.deepEqual(expectStatus(open, 206).bytes, content.subarray(SIZE - 10))
})

test('SEC-062 ranges that make no sense, or too many, cost no more than the file', async () => {
  const user = await createUser(admin)
  await user.store('file.bin', noise('r', 100_000))
  await user.store('empty.bin', '')
  const get = (range: string, path = 'file.bin') => user.get(`${P}/files/${path}`, { headers: { range } })
  for (const range of ['bytes=100000-', 'bytes=-0', 'bytes=200000-300000', 'bytes=9223372036854775808-']) {
    const reply = await get(range)
    assert.ok(reply.status === 416 || reply.status === 200, `${range}: ${reply.status}`)
    if (reply.status === 416) {
      expectProblem(reply, 416, 'range_not_satisfiable')
      assert.equal(reply.headers['content-range'], 'bytes */100000')
    }
  }
  expectProblem(await get('bytes=100000-'), 416)
  expectProblem(await get('bytes=0-', 'empty.bin'), 416)
  const many = Array.from({ length: 500 }, (_, index) => `${index * 10}-${index * 10 + 50}`).join(',')
  for (const range of [
    'bytes=5-2',
    'lines=0-1',
    'bytes=x-y',
    'bytes',
    'bytes=',
    '0-1',
    'bytes=0-1,5-6',
    `bytes=${many}`
  ]) {
    const reply = expectStatus(await get(range), 200)
    assert.equal(reply.bytes.length, 100_000, range)
  }
  assert.equal(expectStatus(await get('bytes=99990-200000'), 206).bytes.length, 10)
})

test('HEAD, If-None-Match, If-Range', async () => {
  const user = await createUser(admin)
  const node = await user.store('doc.bin', content.subarray(0, 5000))
  const path = `${P}/nodes/${node.id}/content`
  for (const at of [path, `${P}/files/doc.bin`]) {
    const head = expectStatus(await user.send({ method: 'HEAD', path: at }), 200)
    assert.deepEqual(
      [head.headers['content-length'], head.headers['accept-ranges'], head.bytes.length],
      ['5000', 'bytes', 0]
    )
    assert.equal(head.headers.etag, `"${node.versionId}"`)
  }
  const etag = `"${node.versionId}"`
  expectStatus(await user.get(path, { headers: { 'if-none-match': etag } }), 304)
  expectProblem(await user.get(path, { headers: { 'if-match': '"other"' } }), 412)
  const range = { range: 'bytes=10-19' }
  expectStatus(await user.get(path, { headers: { ...range, 'if-range': etag } }), 206)
  await user.store('doc.bin', 'changed')
  expectStatus(await user.get(path, { headers: { ...range, 'if-range': etag } }), 200)
  const folder = await user.folder('folder')
  expectProblem(await user.get(`${P}/nodes/${folder.id}/content`), 409, 'not_a_file')
})

test('SEC-060 any name makes one well-formed Content-Disposition', async () => {
  const user = await createUser(admin)
  const names = [
    'plain.txt',
    'quote"inside.txt',
    'semi;colon.txt',
    "apos'trophe%41.txt",
    'naïve café.txt',
    '日本語.txt',
    'emoji 🎉.txt',
    'rtl\u202egnp.exe',
    `${'長'.repeat(80)}.txt`,
    'x'.repeat(255)
  ]
  for (const name of names) {
    await user.store(name, 'x', '')
    const reply = expectStatus(await user.get(`${P}/files/${encodePath(name)}`), 200)
    const header = String(reply.headers['content-disposition'])
    assert.match(
      header,
      /^attachment; filename=("(?:[^"\\]|\\.)*"|[\w!#$%&'*+.^`|~-]+)(; filename\*=UTF-8''[\w.!%~#$&+^`|-]+)?$/,
      name
    )
    const [, extended] = /filename\*=UTF-8''(.*)$/.exec(header) ?? []
    if (extended !== undefined) assert.equal(decodeURIComponent(extended), name)
  }
  const backslash = expectStatus(await user.post(`${P}/folders`, { name: 'f' }), 201).json<{ id: string }>()
  assert.ok(backslash.id)
})

test('SEC-061 the type is decided by the server, and nothing runs in our origin', async () => {
  const user = await createUser(admin)
  const script = '<script>alert(document.domain)</script>'
  for (const name of [
    'page.html',
    'image.svg',
    'doc.xhtml',
    'style.xsl',
    'mail.mhtml',
    'none',
    'script.js',
    'x.HTML'
  ]) {
    const headers = { 'content-type': 'text/html;charset=utf-7' }
    expectStatus(await user.put(`${P}/files/${name}`, script, { headers }), 201)
    for (const query of ['', '?inline=1', '?disposition=inline', '?response-content-type=text/html']) {
      const reply = await user.get(`${P}/files/${name}${query}`)
      if (reply.status !== 200) {
        expectProblem(reply, 400)
        continue
      }
      assert.equal(reply.headers['content-type'], 'application/octet-stream', name)
      assert.equal(reply.headers['x-content-type-options'], 'nosniff')
      assert.match(String(reply.headers['content-disposition']), /^attachment/)
      assert.match(String(reply.headers['content-security-policy']), /sandbox/)
      assert.match(String(reply.headers['cache-control']), /private, no-store/)
    }
  }
  await user.store('photo.png', 'not really')
  assert.equal((await user.get(`${P}/files/photo.png`)).headers['content-type'], 'image/png')
})

test('SEC-057 what runs nothing is shown in place when asked for, still in an origin of its own', async () => {
  const user = await createUser(admin)
  for (const [name, type] of [
    ['photo.jpg', 'image/jpeg'],
    ['film.mp4', 'video/mp4'],
    ['song.m4a', 'audio/mp4'],
    ['paper.PDF', 'application/pdf'],
    ['notes.md', 'text/plain; charset=utf-8']
  ] as const) {
    const node = await user.store(name, '<script>alert(1)</script>')
    const shown = `${P}/nodes/${node.id}/content?version=${node.versionId}&disposition=inline`
    const reply = expectStatus(await user.get(shown, { headers: { range: 'bytes=0-3' } }), 206)
    assert.equal(reply.text, '<scr')
    assert.equal(reply.headers['content-type'], type)
    assert.match(String(reply.headers['content-disposition']), /^inline; filename=/)
    assert.equal(reply.headers['x-content-type-options'], 'nosniff')
    assert.match(String(reply.headers['content-security-policy']), /default-src 'none';.*; sandbox$/)
    assert.doesNotMatch(String(reply.headers['content-security-policy']), /script|allow-/)
    assert.equal(reply.headers['cross-origin-resource-policy'], 'same-origin')
    const saved = await user.get(`${P}/nodes/${node.id}/content`)
    assert.match(String(saved.headers['content-disposition']), /^attachment/)
  }
  expectProblem(await user.get(`${P}/files/photo.jpg?disposition=form-data`), 400, 'invalid_request')
})

test('a download that is given up leaves the server as it was', async () => {
  const user = await createUser(admin)
  await user.store('large.bin', content)
  for (let round = 0; round < 30; round += 1) {
    const signal = AbortSignal.timeout(1 + (round % 10))
    await user.get(`${P}/files/large.bin`, { signal }).catch(() => undefined)
  }
  assert.equal(sha256(await user.read('large.bin')), sha256(content))
})

testCoverage(import.meta.filename, server)
