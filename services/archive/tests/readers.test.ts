import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, describe, test } from 'node:test'
import { createTemporaryFolder } from '@cairn/testing'
import { createTestArchive, MTIME, nodesOf, type TestArchive } from './_source.ts'

const MIB = 1024 * 1024

const save = async (archive: TestArchive, path: string): Promise<void> =>
  pipeline(Readable.from(archive.bytes()), createWriteStream(path))

const lacks = (...commands: readonly string[]): boolean =>
  commands.some((command) => spawnSync(command, ['--version']).error !== undefined)

const LIST = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps([[i.filename, list(i.date_time), i.external_attr >> 16, i.flag_bits] for i in archive.infolist()]))
`

describe('archives read by programs that nobody here wrote', async () => {
  const folder = await createTemporaryFolder()
  const path = join(folder.path, 'test.zip')
  const archive = createTestArchive(
    nodesOf({
      'Übermut 日本 🗻/': 0,
      'Übermut 日本 🗻/leer.txt': 0,
      'Übermut 日本 🗻/klein.txt': 500,
      'Übermut 日本 🗻/groß.bin': 5 * MIB + 3,
      'z.bin': 70_000
    })
  )
  before(() => save(archive, path))
  after(() => folder[Symbol.asyncDispose]())

  test('unzip finds no error', { skip: lacks('unzip') }, () => {
    const done = spawnSync('unzip', ['-t', path], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stdout + done.stderr)
    assert.match(done.stdout, /No errors detected/)
  })

  test('Python reads names, times, modes and every byte', { skip: lacks('python3') }, () => {
    const done = spawnSync('python3', ['-c', LIST, path], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    const listed = JSON.parse(done.stdout) as [string, number[], number, number][]
    assert.deepEqual(
      listed.map(([name]) => name),
      archive.paths
    )
    for (const [name, time, mode, flags] of listed) {
      assert.deepEqual(time, [2024, 2, 29, 12, 34, new Date(MTIME).getUTCSeconds()], name)
      assert.equal(mode, name.endsWith('/') ? 0o40755 : 0o100644)
      assert.equal(flags & 0x800, 0x800)
    }
  })

  test('bsdtar reads it as a stream', { skip: lacks('bsdtar') }, () => {
    const done = spawnSync('sh', ['-c', 'bsdtar -tvf - < "$0"', path], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
  })

  test('more than 65,535 members need ZIP64', { skip: lacks('unzip', 'python3') }, async () => {
    const many = createTestArchive(
      Array.from({ length: 66_000 }, (_, index) => ({
        nodeId: `n${index}`,
        parentId: 'none',
        name: `file ${index}`,
        versionId: `v${index}`,
        size: 0,
        mtimeMs: 0
      }))
    )
    const large = join(folder.path, 'many.zip')
    await save(many, large)
    const tested = spawnSync('unzip', ['-tq', large], { encoding: 'utf8' })
    assert.equal(tested.status, 0, tested.stdout + tested.stderr)
    const done = spawnSync('python3', ['-c', LIST, large], { encoding: 'utf8', maxBuffer: 64 * MIB })
    assert.equal(done.status, 0, done.stderr)
    assert.equal((JSON.parse(done.stdout) as unknown[]).length, 66_000)
  })
})
