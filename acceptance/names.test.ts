import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createUser, type Node } from './_api.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { sendRaw } from './_raw.ts'
import { tusMetadata, tusPost } from './_tus.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'

const utf8 = (text: string): number => Buffer.byteLength(text)

/** The rule table of docs/tree.md. */
const REFUSED = [
  '',
  '.',
  '..',
  '...',
  '. .',
  ' ',
  'a/b',
  '/a',
  'nul\u0000l',
  'bell\u0007',
  'line\r\nbreak',
  'del\u007f',
  '\ud800',
  'x\udfffy',
  'é'.repeat(128),
  'x'.repeat(256)
]
const KEPT = [
  'x'.repeat(255),
  `${'x'.repeat(251)}🎉`,
  'CON',
  'a:b',
  'C:\\windows',
  '..\\up',
  '%2e%2e%2f',
  '..%5c..',
  'evil\u202etxt.exe',
  'zero\u200bwidth',
  'dot.',
  'space ',
  '<img src=x onerror=alert(1)>',
  '{{7*7}}',
  "'; drop table node; --",
  '.hidden',
  '…',
  'name "quoted"; filename=x',
  '한글',
  '🏳️‍🌈'
]

test('SEC-007 the rule table of names holds for every door', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  for (const name of REFUSED) {
    const shown = JSON.stringify(name).slice(0, 40)
    const problem = expectProblem(await user.post(`${P}/folders`, { name }), 400)
    assert.match(problem.code, /^invalid_(name|request)$/, shown)
    const node = await user.folder('victim')
    expectProblem(await user.patch(`${P}/nodes/${node.id}`, { name }), 400)
    expectProblem(await user.post(`${P}/nodes/${node.id}/copy`, { parentId: rootId, name }), 400)
    if (name !== '' && name.isWellFormed()) {
      const reply = await tusPost(user, { 'upload-length': 1, 'upload-metadata': tusMetadata({ filename: name }) })
      assert.ok(reply.status === 400 || reply.status === 201, `tus ${shown}: ${reply.status}`)
      if (reply.status === 201) assert.fail(`tus took ${shown}`)
    }
  }
  assert.deepEqual(
    (await user.children(rootId)).map(({ name }) => name),
    ['victim']
  )
  for (const name of KEPT) {
    assert.ok(utf8(name) <= 255)
    const folder = expectStatus(await user.post(`${P}/folders`, { name }), 201).json<Node>()
    assert.equal(folder.name, name)
    const file = expectStatus(
      await user.put(`${P}/files/${encodeURIComponent(name)}/${encodeURIComponent(name)}`, 'x'),
      201,
      400
    )
    // What a URL may not encode can still be named in JSON.
    if (file.status === 201) assert.equal(file.json<Node>().name, name)
    else assert.ok(/\\/.test(name), `${name}: ${file.text}`)
  }
  const listed = (await user.children(rootId)).map(({ name }) => name)
  for (const name of KEPT) assert.ok(listed.includes(name), name)
})

test('SEC-008 equality of names: one documented rule, no silent overwrite', async () => {
  const user = await createUser(admin)
  const pairs: readonly (readonly [string, string, boolean])[] = [
    ['\u00e9', 'e\u0301', true],
    ['Straße', 'STRASSE', true],
    ['\u212a', 'k', true],
    ['ς', 'Σ', true],
    ['İ', 'i', false],
    ['ı', 'i', false],
    ['Readme', 'README', true],
    ['end', 'end. ', true],
    ['ﬁle', 'file', true],
    ['a', 'ａ', false]
  ]
  for (const [index, [first, second, equal]] of pairs.entries()) {
    const { id } = await user.folder(`pair ${index}`)
    const create = (name: string) => user.post(`${P}/folders`, { parentId: id, name, exclusive: true })
    const statuses = (await Promise.all([create(first), create(second)])).map(({ status }) => status).sort()
    assert.deepEqual(statuses, equal ? [201, 409] : [201, 201], `${first} and ${second}`)
    const names = (await user.children(id)).map(({ name }) => name)
    assert.equal(names.length, equal ? 1 : 2)
  }
  await user.store('Notes.txt', 'first')
  const other = await user.store('notes.TXT', 'second')
  const { rootId } = await user.drive()
  const notes = (await user.children(rootId)).filter(({ name }) => name.toLowerCase() === 'notes.txt')
  assert.equal(notes.length, 1)
  const versions = await user.get(`${P}/nodes/${other.id}/versions`)
  assert.equal(versions.json<{ items: object[] }>().items.length, 2, 'the first content is a version')
})

test('SEC-001 no path leaves the tree: not in URLs, not in names, not in metadata', async () => {
  const user = await createUser(admin)
  await user.store('inside/file.txt', 'x')
  const authorization = user.authorization
  const targets = [
    `${P}/files/..`,
    `${P}/files/../../etc/passwd`,
    `${P}/files/inside/../file.txt`,
    `${P}/files/./file.txt`,
    `${P}/files//etc/passwd`,
    `${P}/files/%2e%2e%2fetc`,
    `${P}/files/%2e%2e/etc`,
    `${P}/files/..%5c..%5cetc`,
    `${P}/files/..%c0%af..%c0%afetc`,
    `${P}/files/%c0%ae%c0%ae/etc`,
    `${P}/files/inside%2ffile.txt`,
    `${P}/files/inside%00.txt`,
    `${P}/files/a\\b`,
    `${P}/nodes/..%2f..%2fsecret`,
    `${P}/nodes/../trash`,
    '/v1/../metrics',
    '/v1/drives/..;/metrics',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/v1/docs/static/../../../package.json'
  ]
  for (const target of targets) {
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? 'Content-Length: 1\r\n\r\nx' : '\r\n'
      const head = `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n`
      const { status, text } = await sendRaw(server, head + body)
      assert.ok(status >= 400 && status < 500, `${method} ${target}: ${status}`)
      assert.match(text, /application\/problem\+json/, target)
    }
  }
  for (const relativePath of ['../up.txt', 'a/../../up.txt', '/etc/passwd', 'a//b', './x', 'a/./b', '..', 'a/\u0000']) {
    const headers = { 'upload-length': 1, 'upload-metadata': tusMetadata({ relativePath, filename: 'f' }) }
    expectProblem(await tusPost(user, headers), 400)
  }
  for (const path of ['/../x', '/inside/../../x', '/./inside']) {
    assert.ok((await user.get(`${P}/resolve?path=${encodeURIComponent(path)}`)).status >= 400)
    expectProblem(await user.post(`${P}/folders`, { path, name: 'x', parents: true }), 400)
  }
  assert.equal((await user.read('inside/file.txt')).toString(), 'x')
  const { rootId } = await user.drive()
  assert.deepEqual(
    (await user.children(rootId)).map(({ name }) => name),
    ['inside']
  )

  // An encoded percent sign is a percent sign: nothing decodes twice.
  const literal = expectStatus(await user.put(`${P}/files/%252e%252e%252fx`, 'literal'), 201).json<Node>()
  assert.equal(literal.name, '%2e%2e%2fx')
})
