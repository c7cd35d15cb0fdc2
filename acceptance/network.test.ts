import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { after, test } from 'node:test'
import { Client, createUser } from './_api.ts'
import { createCli } from './_cli.ts'
import { startProxy } from './_proxy.ts'
import { noise, noiseHash, noiseStream } from './_seed.ts'
import { clientUpload } from './_tus-client.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const MIB = 1024 * 1024
const SIZE = 300 * MIB + 12_345
const HASH = noiseHash('big file', SIZE)

const proxy = await startProxy(server)
after(() => proxy[Symbol.asyncDispose]())

const fileHash = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Cuts the cable once so many more bytes have passed, and mends it when somebody has noticed. */
const cutAfter = (bytes: number, direction: 'sent' | 'received'): Promise<void> =>
  new Promise((resolve) => {
    proxy.after(bytes, direction, () => {
      proxy.cut('reset')
      setTimeout(() => {
        proxy.mend()
        resolve()
      }, 300)
    })
  })

test('a big file by tus-js-client over a connection that is lost twice, downloaded over one that is lost too', async (t) => {
  const user = await createUser(admin)
  const through = new Client(proxy.url, user.authorization)
  const content = noise('big file', SIZE)
  const { upload, done } = clientUpload(through, content, { metadata: { filename: 'big.bin' } })
  const losses = cutAfter(80 * MIB, 'sent').then(() => cutAfter(100 * MIB, 'sent'))
  const sentBefore = proxy.sent
  upload.start()
  await done
  await losses
  const sent = proxy.sent - sentBefore
  assert.ok(
    sent < SIZE + 100 * MIB,
    `${Math.round(sent / MIB)} MiB were sent for ${Math.round(SIZE / MIB)}: it resumed`
  )
  t.diagnostic(`${Math.round(sent / MIB)} MiB sent for a file of ${Math.round(SIZE / MIB)} MiB`)

  await using cli = await createCli(proxy.url, (await user.appPassword()).secret)
  const lost = cutAfter(120 * MIB, 'received')
  const got = await cli.run(['get', '/big.bin', 'big.bin', '--retry-for', '60'])
  assert.equal(got.code, 0, got.stderr)
  await lost
  assert.equal(await fileHash(join(cli.folder, 'big.bin')), HASH)
})

test('a big file by cairn put over a connection that is lost: it goes on where it was, and a repeat sends nothing', async () => {
  const user = await createUser(admin)
  await using cli = await createCli(proxy.url, (await user.appPassword()).secret)
  const local = join(cli.folder, 'big.bin')
  await pipeline(noiseStream('big file', SIZE), createWriteStream(local))
  const lost = cutAfter(120 * MIB, 'sent')
  const sentBefore = proxy.sent
  const put = await cli.run(['put', 'big.bin', '/', '--retry-for', '60'])
  assert.equal(put.code, 0, put.stderr)
  await lost
  assert.ok(proxy.sent - sentBefore < SIZE + 80 * MIB)
  const again = proxy.sent
  assert.equal((await cli.run(['put', 'big.bin', '/'])).code, 0)
  assert.ok(proxy.sent - again < MIB)

  await rm(local)
  const response = await fetch(`${server.url}/v1/drives/personal/files/big.bin`, {
    headers: { authorization: user.authorization ?? '' }
  })
  const hash = createHash('sha256')
  for await (const bytes of response.body ?? []) hash.update(bytes)
  assert.equal(hash.digest('hex'), HASH)
})

test('FLT-047 an interrupted cairn put is killed and run again: only the rest travels', async () => {
  const user = await createUser(admin)
  await using cli = await createCli(proxy.url, (await user.appPassword()).secret)
  const size = 80 * MIB
  await pipeline(noiseStream('killed client', size), createWriteStream(join(cli.folder, 'part.bin')))
  const first = proxy.sent
  const running = cli.start(['put', 'part.bin', '/'])
  await waitFor('half of it has been sent', () => proxy.sent - first > 50 * MIB)
  running.child.kill('SIGKILL')
  await running.done
  const second = proxy.sent
  const put = await cli.run(['put', 'part.bin', '/'])
  assert.equal(put.code, 0, put.stderr)
  assert.ok(proxy.sent - second < 60 * MIB, `${Math.round((proxy.sent - second) / MIB)} MiB were sent again`)
  const hash = createHash('sha256').update(await user.read('part.bin'))
  assert.equal(hash.digest('hex'), noiseHash('killed client', size))
})
