import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { test } from 'node:test'
import { createUser, type User } from './_api.ts'
import { expectProblem, expectStatus, type Reply, withoutRequestId } from './_http.ts'
import { sendRaw } from './_raw.ts'
import { noise, sha256 } from './_seed.ts'
import {
  OCTETS,
  TUS,
  tusCreate,
  tusDelete,
  tusHead,
  tusMetadata,
  tusOffset,
  tusPatch,
  tusPost,
  UPLOADS
} from './_tus.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'
const MIB = 1024 * 1024

const openUploads = async (user: User): Promise<number> =>
  expectStatus(await user.get(`${UPLOADS}?state=all`), 200).json<{ items: object[] }>().items.length

test('SEC-039 lengths that are not lengths make no upload', async () => {
  const user = await createUser(admin)
  const name = { 'upload-metadata': tusMetadata({ filename: 'x' }) }
  for (const length of ['-1', '+5', '1e3', '0x10', '5, 6', 'NaN', '', ' 5', '05', '1.0', '٣']) {
    const head = `POST ${UPLOADS} HTTP/1.1\r\nHost: x\r\nAuthorization: ${user.authorization}\r\nTus-Resumable: 1.0.0\r\n`
    const raw = Buffer.from(`${head}Upload-Length:${length}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
    const { status } = await sendRaw(server, raw)
    // White space around a value is not part of it.
    assert.equal(status, length === ' 5' ? 201 : 400, JSON.stringify(length))
  }
  const options = await user.send({ method: 'OPTIONS', path: UPLOADS })
  const largest = BigInt(String(options.headers['tus-max-size']))
  for (const length of [2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 30n, largest + 1n]) {
    expectProblem(await tusPost(user, { ...name, 'upload-length': String(length) }), 413, 'payload_too_large')
  }
  expectProblem(await tusPost(user, name), 400)
  expectProblem(await tusPost(user, { ...name, 'upload-length': 5, 'upload-defer-length': 1 }), 400)
  for (const deferred of ['0', '2', 'true', ''])
    expectProblem(await tusPost(user, { ...name, 'upload-defer-length': deferred }), 400)
  const twice = `POST ${UPLOADS} HTTP/1.1\r\nHost: x\r\nAuthorization: ${user.authorization}\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 5\r\nUpload-Length: 6\r\nContent-Length: 0\r\n\r\n`
  assert.equal((await sendRaw(server, twice)).status, 400)
  assert.equal(await openUploads(user), 1, 'only the good one')
  assert.equal((await user.children((await user.drive()).rootId)).length, 0)
})

test('SEC-041 an offset that is not the current one changes nothing', async () => {
  const user = await createUser(admin)
  const path = await tusCreate(user, 100, { filename: 'offsets.bin' })
  expectStatus(await tusPatch(user, path, { offset: 0, body: 'x'.repeat(40) }), 204)
  for (const offset of ['0', '39', '41', '100', '101', '9007199254740993', '-1', '+40', '4e1', 'x', '40, 40', '']) {
    const reply = await tusPatch(user, path, { offset, body: 'y'.repeat(10) })
    const problem = expectProblem(reply, reply.status === 409 ? 409 : 400)
    assert.match(problem.code, /^(offset_mismatch|invalid_request)$/, offset)
    assert.equal(await tusOffset(user, path), 40)
  }
  const missing = { method: 'PATCH', path, headers: { ...TUS, 'content-type': OCTETS }, body: 'y' }
  expectProblem(await user.send(missing), 400)
  const long = await tusPatch(user, path, { offset: 40, body: 'z'.repeat(61) })
  expectProblem(long, long.status === 413 ? 413 : 400)
  assert.ok((await tusOffset(user, path)) <= 100)
  expectProblem(await user.get(`${P}/files/offsets.bin`), 404)
})

test('SEC-043 a target that went away while bytes came in refuses the finish; nothing becomes visible', async () => {
  const user = await createUser(admin)
  const folder = await user.folder('target')
  const file = await user.store('file.txt', 'x')
  const intoFolder = await tusCreate(user, 10, { parentId: folder.id, filename: 'late.bin' })
  const newVersion = await tusCreate(user, 10, { nodeId: file.id })
  for (const node of [folder, file]) expectStatus(await user.delete(`${P}/nodes/${node.id}`), 204)
  for (const path of [intoFolder, newVersion]) {
    const reply = await tusPatch(user, path, { offset: 0, body: 'x'.repeat(10) })
    assert.ok([403, 404, 409, 410, 423].includes(reply.status), `${reply.status} ${reply.text}`)
    expectProblem(reply, reply.status)
    const head = await tusHead(user, path)
    assert.ok(head.status >= 400, 'HEAD does not claim success')
    const finish = await user.post(`${path}/commit`)
    assert.ok(finish.status >= 400 && finish.status < 500)
  }
  assert.deepEqual(await user.children((await user.drive()).rootId), [])
  expectStatus(await user.post(`${P}/trash/${folder.id}/restore`), 200)
  assert.deepEqual(await user.children(folder.id), [])
  expectStatus(await user.post(`${intoFolder}/commit`), 200)
  assert.equal((await user.children(folder.id)).length, 1, 'with the folder back the kept bytes become the file')
})

test('SEC-045 upload ids that are paths, foreign or absurd answer as unknown ones', async () => {
  const [user, other] = [await createUser(admin), await createUser(admin)]
  const foreign = (await tusCreate(other, 10, { filename: 'x' })).split('/').pop() ?? ''
  const unknown = await Promise.all([
    tusHead(user, `${UPLOADS}/${randomUUID()}`),
    tusPatch(user, `${UPLOADS}/${randomUUID()}`, { offset: 0, body: 'x' })
  ])
  for (const id of [foreign, foreign.toUpperCase(), `${foreign}.info`, 'x', '%20', '*', '~', "'", 'a'.repeat(4000)]) {
    const path = `${UPLOADS}/${id}`
    assert.equal(withoutRequestId(await tusHead(user, path)), withoutRequestId(unknown[0]), id.slice(0, 50))
    assert.equal(withoutRequestId(await tusPatch(user, path, { offset: 0, body: 'x' })), withoutRequestId(unknown[1]))
    expectProblem(await tusDelete(user, path), 404)
    expectProblem(await user.get(`${path}/status`), 404)
    expectProblem(await user.post(`${path}/commit`), 404)
  }
  for (const id of ['..', '.', '%2e%2e%2f', '..%2f..%2f', '%2F', '%00', '.info', '%c0%ae']) {
    const { status } = await sendRaw(
      server,
      `HEAD ${UPLOADS}/${id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\nAuthorization: ${user.authorization}\r\n\r\n`
    )
    assert.ok(status === 400 || status === 404, `${id}: ${status}`)
  }
  assert.equal(await tusOffset(other, `${UPLOADS}/${foreign}`), 0)
})

test('SEC-047 a deferred length is bounded, set once, and not below what has come', async () => {
  const user = await createUser(admin)
  expectStatus(
    await admin.send({ method: 'PUT', path: `/v1/admin/users/${user.id}/quota`, json: { limit: 3 * MIB } }),
    200
  )
  const endless = await tusCreate(user, undefined, { filename: 'endless.bin' })
  const flood = await tusPatch(user, endless, { offset: 0, body: noise('flood', 8 * MIB) })
  expectProblem(flood, flood.status === 507 ? 507 : 413)
  assert.ok((await tusOffset(user, endless)) <= 3 * MIB)

  const path = await tusCreate(user, undefined, { filename: 'deferred.bin' })
  assert.equal((await tusHead(user, path)).headers['upload-defer-length'], '1')
  expectStatus(await tusPatch(user, path, { offset: 0, body: 'x'.repeat(100) }), 204)
  expectProblem(await tusPatch(user, path, { offset: 100, headers: { 'upload-length': 50 } }), 400)
  expectStatus(await tusPatch(user, path, { offset: 100, headers: { 'upload-length': 200 } }), 204)
  expectProblem(await tusPatch(user, path, { offset: 100, headers: { 'upload-length': 300 } }), 400)
  expectStatus(
    await tusPatch(user, path, { offset: 100, body: 'y'.repeat(100), headers: { 'upload-length': 200 } }),
    204
  )
  assert.equal((await user.read('deferred.bin')).length, 200)
})

test('SEC-048 the method override works where it is documented and nowhere else', async () => {
  const user = await createUser(admin)
  const reader = (await user.appPassword({ scopes: ['files:read'] })).secret
  const path = await tusCreate(user, 10, { filename: 'override.bin' })
  const headers = { ...TUS, 'x-http-method-override': 'DELETE' }
  expectProblem(await user.send({ method: 'POST', path: UPLOADS, headers: { ...headers, 'upload-length': 5 } }), 400)
  expectProblem(await user.send({ method: 'HEAD', path, headers }).then(asProblem), 400)
  expectProblem(await user.send({ method: 'POST', path, headers: { ...TUS, 'x-http-method-override': 'PUT' } }), 400)
  expectProblem(await user.send({ method: 'POST', path, headers: TUS }), 400)
  const authorization = `Bearer ${reader}`
  expectProblem(await user.send({ method: 'POST', path, headers: { ...headers, authorization } }), 403)
  const folder = await user.folder('kept')
  for (const method of ['GET', 'POST']) {
    await user.send({
      method,
      path: `${P}/nodes/${folder.id}`,
      headers: { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' }
    })
  }
  assert.equal((await user.get(`${P}/nodes/${folder.id}`)).status, 200)
  assert.equal(await tusOffset(user, path), 0)
})

/** A refusal of HEAD has no body; its status is all there is. */
const asProblem = (reply: Reply): Reply => ({
  ...reply,
  headers: { ...reply.headers, 'content-type': 'application/problem+json' },
  json: <T>() =>
    ({ type: 'urn:cairn:error:head', code: 'head', title: '-', detail: '-', status: reply.status, requestId: '-' }) as T
})

test('SEC-049 a wrong or unreadable checksum discards the bytes and only them', async () => {
  const user = await createUser(admin)
  const path = await tusCreate(user, 20_000, { filename: 'sum.bin' })
  const body = noise('sum', 10_000)
  const good = createHash('sha1').update(body).digest('base64')
  const patch = (checksum: string) =>
    tusPatch(user, path, { offset: 0, body, headers: { 'upload-checksum': checksum } })
  expectProblem(await patch(`sha1 ${createHash('sha1').update('other').digest('base64')}`), 460, 'checksum_mismatch')
  for (const bad of [
    `sha512 ${good}`,
    'sha1',
    `sha1 ${good}!!`,
    `sha1 ${good.slice(4)}`,
    `${good} sha1`,
    '',
    `sha1 ${good}, sha1 ${good}`
  ]) {
    expectProblem(await patch(bad), 400)
  }
  const trailer = { 'upload-checksum': `sha1 ${good}`, trailer: 'Upload-Checksum', 'transfer-encoding': 'chunked' }
  expectProblem(await tusPatch(user, path, { offset: 0, body, headers: trailer }), 400)
  assert.equal(await tusOffset(user, path), 0)
  expectStatus(await patch(`sha1 ${good}`), 204)
  assert.equal(await tusOffset(user, path), 10_000)
})

test('SEC-053 what is not tus 1.0 is refused before a body is read', async () => {
  const user = await createUser(admin)
  const path = await tusCreate(user, 10, { filename: 'x.bin' })
  const patch = (headers: Record<string, string>) =>
    user.send({ method: 'PATCH', path, headers: { 'upload-offset': 0, ...headers }, body: 'x'.repeat(10) })
  for (const version of ['0.2.2', '1.0.1', '2.0.0', '', '1.0.0, 1.0.0']) {
    const reply = await patch({ 'tus-resumable': version, 'content-type': OCTETS })
    expectProblem(reply, 412)
    assert.equal(reply.headers['tus-version'], '1.0.0')
  }
  expectProblem(await patch({ 'content-type': OCTETS }), 412)
  expectProblem(await tusPost(user, { 'tus-resumable': '0.2.2', 'upload-length': 5 }), 412)
  for (const type of ['application/octet-stream', 'text/plain', 'application/json', `${OCTETS}; charset=x`]) {
    expectProblem(await patch({ ...TUS, 'content-type': type }), 415)
  }
  expectProblem(await patch(TUS), 415)
  const expectation = `PATCH ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${user.authorization}\r\nTus-Resumable: 0.2.2\r\nUpload-Offset: 0\r\nContent-Type: ${OCTETS}\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n`
  const refused = await sendRaw(server, expectation)
  assert.equal(refused.status, 412, refused.text)
  assert.equal((await sendRaw(server, expectation.replace('100-continue', 'coffee'))).status, 417)
  assert.equal(await tusOffset(user, path), 0)
})

test('Upload-Metadata that cannot be read is a 400', async () => {
  const user = await createUser(admin)
  for (const metadata of [
    'filename !!!',
    'filename eA==,filename eA==',
    'filename  eA==',
    'a b c',
    `filename ${Buffer.from([0xff, 0xfe]).toString('base64')}`,
    `x ${'A'.repeat(9000)}`
  ]) {
    expectProblem(await tusPost(user, { 'upload-length': 1, 'upload-metadata': metadata }), 400)
  }
  for (const bad of [
    { drive: 'x' },
    { nodeId: 'x' },
    { parentId: '../' },
    { onConflict: 'overwrite' },
    { mtime: 'never' }
  ]) {
    expectProblem(
      await tusPost(user, { 'upload-length': 1, 'upload-metadata': tusMetadata({ filename: 'f', ...bad }) }),
      400
    )
  }
  expectProblem(await tusPost(user, { 'upload-length': 1, 'upload-concat': 'final;http://evil.example/x' }), 400)
  expectProblem(await tusPost(user, { 'upload-concat': `final;${UPLOADS}/${randomUUID()}` }), 404)
  assert.equal(await openUploads(user), 0)
})

test('SEC-056 no header decides where a client is sent', async () => {
  const user = await createUser(admin)
  const hosts = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/evil',
    forwarded: 'host=evil.example'
  }
  const created = expectStatus(await tusPost(user, { ...hosts, 'upload-length': '5' }), 201)
  assert.ok(!String(created.headers.location).includes('evil'))
  const reset = await admin.post(`/v1/auth/admin/users/${user.id}/password-reset`, undefined, { headers: hosts })
  assert.ok(!expectStatus(reset, 200).text.includes('evil.example'))
  const invite = await admin.post('/v1/auth/admin/invites', {}, { headers: hosts })
  assert.ok(!expectStatus(invite, 201).text.includes('evil.example'))
  assert.ok(!(await user.get('/v1/openapi.json', { headers: hosts })).text.includes('evil.example'))
  for (const path of ['/', '/v1/docs']) {
    const { headers, text } = await user.get(path, { headers: hosts })
    assert.ok(!`${headers.location}${text}`.includes('evil.example'), path)
  }
})

/** A PATCH that sends its first bytes and then does what the test says. */
const beginPatch = (user: User, path: string, { length, first }: { length: number; first: Buffer }) => {
  const socket = connect(server.port, server.host)
  socket.on('error', () => undefined)
  const answer = new Promise<string>((resolve) => {
    const parts: Buffer[] = []
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.once('close', () => resolve(Buffer.concat(parts).toString('latin1')))
  })
  socket.write(
    `PATCH ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${user.authorization}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: ${OCTETS}\r\nContent-Length: ${length}\r\n\r\n`
  )
  socket.write(first)
  return { socket, answer }
}

test('FLT-047 a client that vanishes mid-PATCH: what came is kept, the lock is free at once, it goes on', async () => {
  const user = await createUser(admin)
  const content = noise('vanishing', 6 * MIB)
  for (const how of ['FIN', 'RST', 'silence'] as const) {
    const path = await tusCreate(user, content.length, { filename: `${how}.bin` })
    const { socket } = beginPatch(user, path, { length: content.length, first: content.subarray(0, 5 * MIB) })
    // Progress is durable in steps; without any the connection would tell nothing.
    await waitFor('bytes arrive', async () => {
      const status = (await user.get(`${path}/status`)).json<{ offset: number }>()
      return status.offset > 0 || socket.bytesWritten >= 5 * MIB
    })
    if (how === 'FIN') socket.end()
    if (how === 'RST') socket.resetAndDestroy()
    const started = performance.now()
    const offset = await tusOffset(user, path)
    assert.ok(performance.now() - started < 6000, 'HEAD ends a silent holder')
    assert.ok(offset <= 5 * MIB)
    expectProblem(await user.get(`${P}/files/${how}.bin`), 404)
    expectStatus(await tusPatch(user, path, { offset, body: content.subarray(offset) }), 204)
    assert.equal(sha256(await user.read(`${how}.bin`)), sha256(content), how)
    socket.destroy()
  }
})

test('FLT-048 two PATCHes of one offset at once: one is taken, the other told so, bytes of one only', async () => {
  const user = await createUser(admin)
  for (let round = 0; round < 5; round += 1) {
    const path = await tusCreate(user, 2 * MIB, { filename: `race-${round}.bin` })
    const writers = [noise(`a${round}`, 2 * MIB), noise(`b${round}`, 2 * MIB)]
    const replies = await Promise.all(writers.map((body) => tusPatch(user, path, { offset: 0, body })))
    const statuses = replies.map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 204).length, 1, String(statuses))
    assert.ok(
      statuses.every((status) => [204, 409, 423].includes(status)),
      String(statuses)
    )
    const winner = writers[statuses.indexOf(204)] as Buffer
    assert.equal(sha256(await user.read(`race-${round}.bin`)), sha256(winner))
  }
})

test('SEC-054 an upload that is ended is ended for everybody', async () => {
  const user = await createUser(admin)
  const path = await tusCreate(user, 5 * MIB, { filename: 'ended.bin' })
  const { socket, answer } = beginPatch(user, path, { length: 5 * MIB, first: noise('e', 2 * MIB) })
  await waitFor('the PATCH is under way', () => socket.bytesWritten > 2 * MIB)
  expectStatus(await tusDelete(user, path), 204)
  assert.doesNotMatch(await answer, / 204 /)
  for (const reply of [
    await tusHead(user, path),
    await tusPatch(user, path, { offset: 0, body: 'x' }),
    await user.post(`${path}/commit`)
  ]) {
    assert.ok(reply.status === 404 || reply.status === 410, String(reply.status))
  }
  expectProblem(await user.get(`${P}/files/ended.bin`), 404)
  assert.equal(await openUploads(user), 0)
})
