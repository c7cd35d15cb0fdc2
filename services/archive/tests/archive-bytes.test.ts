import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collect, createTestArchive, nodesOf } from './_source.ts'

const KIB = 1024
const TREE = {
  'a/': 0,
  'a/empty.txt': 0,
  'a/small.bin': 3000,
  'a/at the limit.bin': 64 * KIB,
  'a/large.bin': 3 * KIB * KIB + 17,
  'a/empty folder/': 0,
  'b.bin': 100 * KIB
}

test('every range is a piece of the same archive, whatever was read before', async () => {
  const archive = createTestArchive(nodesOf(TREE))
  const whole = await collect(archive.bytes())
  assert.equal(whole.length, archive.size)
  const begin = [0, 1, 29, 30, 64, 3000, 3100, 70_000, 200_000, 3_000_000, 3_200_000]
  for (const start of [...begin, whole.length - 200, whole.length - 1]) {
    for (const end of [start + 1, start + 40, start + 100_000, whole.length].filter((at) => at <= whole.length)) {
      archive.checksums.clear()
      const part = await collect(archive.bytes(start, end))
      assert.ok(part.equals(whole.subarray(start, end)), `${start}-${end}`)
    }
  }
})

test('a resumed download continues the CRC instead of reading again what was sent', async () => {
  const archive = createTestArchive(nodesOf({ 'film.mp4': 64 * KIB * KIB }))
  const whole = await collect(archive.bytes())
  archive.checksums.clear()
  const first: Buffer[] = []
  for await (const part of archive.bytes()) {
    first.push(Buffer.from(part))
    if (first.length > 40) break
  }
  const begun = Buffer.concat(first)
  archive.read.bytes = 0
  const rest = await collect(archive.bytes(begun.length))
  assert.ok(Buffer.concat([begun, rest]).equals(whole))
  assert.ok(archive.read.bytes <= rest.length, `${archive.read.bytes} bytes read to send ${rest.length}`)
})

test('the end of an archive nobody read before is right as well', async () => {
  const archive = createTestArchive(nodesOf(TREE))
  const whole = await collect(archive.bytes())
  archive.checksums.clear()
  const end = await collect(archive.bytes(archive.size - 500))
  assert.ok(end.equals(whole.subarray(whole.length - 500)))
})

test('the order and the bytes follow from the selection alone', async () => {
  const nodes = nodesOf(TREE)
  const one = await collect(createTestArchive(nodes).bytes())
  const other = await collect(createTestArchive(nodes.toReversed()).bytes())
  assert.ok(one.equals(other))
})
