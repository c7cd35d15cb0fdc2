import assert from 'node:assert/strict'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTemporaryFolder } from '@cairn/testing'
import { blockingFolder, parsePasswd } from './account.ts'
import { socketFolderOf } from './socket-folder.ts'

test('accounts are read from passwd, also with negative ids, and torn lines are passed over', () => {
  const text = 'root:x:0:0:root:/root:/bin/sh\nnobody:*:-2:-2:Unprivileged:/var/empty:/usr/bin/false\n\nbroken:x\n'
  assert.deepEqual(parsePasswd(text), [
    { name: 'root', uid: 0, gid: 0 },
    { name: 'nobody', uid: 4294967294, gid: 4294967294 }
  ])
})

test('the first folder an account cannot pass is found', { skip: process.platform === 'win32' }, async () => {
  await using home = await createTemporaryFolder('account')
  const inner = join(home.path, 'closed', 'inner')
  await mkdir(inner, { recursive: true })
  const stranger = { name: 'stranger', uid: 54321, gid: 54321 }
  assert.equal(await blockingFolder(inner, stranger), undefined)
  await chmod(join(home.path, 'closed'), 0o700)
  assert.equal(await blockingFolder(inner, stranger), join(home.path, 'closed'))
})

test('a socket’s path fits the 103 bytes every system allows', () => {
  assert.equal(socketFolderOf('/data/database'), '/data/database/socket')
  const deep = `/data/${'x'.repeat(200)}`
  assert.ok(Buffer.byteLength(`${socketFolderOf(deep)}/.s.PGSQL.5432`) <= 103)
  assert.notEqual(socketFolderOf(deep), socketFolderOf(`${deep}y`))
})
