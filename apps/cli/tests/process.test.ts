import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from './_cli.ts'
import { startFakeServer } from './_fake-server.ts'

const LAUNCHER = join(import.meta.dirname, '../../../cairn')

const start = (folder: string, args: readonly string[], env: Record<string, string> = {}) =>
  spawn(LAUNCHER, args, { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ...env } })

test('the launcher works from any folder', async () => {
  await using folder = await temporaryFolder()
  const child = start(folder.path, ['version', '--json'])
  const [text] = await once(child.stdout, 'data')
  assert.match(String(text), /^\{"version":/)
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('an interrupt ends a transfer with exit status 130', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'f.bin'), randomBytes(1024 * 1024))
  const reached = new Promise<void>((resolve) => {
    server.fault = (request) => {
      if (!request.url?.endsWith('/frames')) return false
      resolve()
      return true
    }
  })
  const child = start(folder.path, ['put', 'f.bin'], { CAIRN_URL: server.url, CAIRN_TOKEN: 'good' })
  const ended = once(child, 'exit')
  await reached
  child.kill('SIGINT')
  assert.deepEqual(await ended, [130, null])
})

test('a reader that stops early is no error', async () => {
  await using server = await startFakeServer()
  await using folder = await temporaryFolder()
  const { store } = server
  store.putFile({ parentId: store.root.id, name: 'big', content: randomBytes(8 * 1024 * 1024), mtime: 0 })
  const child = start(folder.path, ['cat', '/big'], { CAIRN_URL: server.url, CAIRN_TOKEN: 'good' })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  child.stdout.destroy()
  assert.deepEqual(await ended, [0, null])
})
