import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { allPages, createUser, type Node, type User } from './_api.ts'
import { type CliResult, createCli } from './_cli.ts'
import { expectStatus } from './_http.ts'
import { createRandom, noise, SEED, sha256 } from './_seed.ts'
import { foreign } from './_server.ts'
import { tusCreate, tusOffset, tusPatch } from './_tus.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld({ faulty: true })
const P = '/v1/drives/personal'
const KIB = 1024
const MIB = 1024 * KIB
const ROUNDS = 5
const random = createRandom(SEED)
const below = (limit: number): number => Math.floor(random() * limit)

/** What was promised: hash of the content by the version id that was acknowledged with it. */
interface Manifest {
  readonly versions: Map<string, { path: string; hash: string }>
  /** Hashes that were ever sent for a path, acknowledged or not. */
  readonly sent: Map<string, Set<string>>
}

const isConnectionLoss = (error: unknown): boolean =>
  error instanceof Error &&
  /ECONNRE|EPIPE|socket hang up|cut off|aborted/.test(`${error.message}${'code' in error ? error.code : ''}`)

/** Stores files by PUT until the connection is lost; overwrites some, so that versions race with the crash. */
const putUntilLost = async (user: User, manifest: Manifest, lane: string): Promise<void> => {
  for (let index = 0; ; index += 1) {
    const path = `puts/${lane}/${index % 7}.bin`
    const content = noise(`${SEED} ${lane} ${index}`, [0, 700, 4 * KIB, 90 * KIB, 600 * KIB, 3 * MIB][below(6)] ?? 1)
    const hash = sha256(content)
    const sent = manifest.sent.get(path) ?? new Set()
    manifest.sent.set(path, sent.add(hash))
    try {
      const reply = await user.put(`${P}/files/${path}?parents=true`, content)
      if (reply.status === 503) return
      const node = expectStatus(reply, 200, 201).json<Node>()
      manifest.versions.set(node.versionId ?? '', { path, hash })
    } catch (error) {
      if (isConnectionLoss(error)) return
      throw error
    }
  }
}

/** Sends a part of the upload at a time until the connection is lost; what was acknowledged last. */
const patchUntilLost = async (
  user: User,
  path: string,
  { content, offset }: { content: Buffer; offset: number }
): Promise<number> => {
  for (let at = offset; at < content.length; ) {
    try {
      const part = content.subarray(at, at + 200 * KIB + below(3 * MIB))
      const reply = await tusPatch(user, path, { offset: at, body: part })
      if (reply.status === 503) return at
      at = Number(expectStatus(reply, 204).headers['upload-offset'])
    } catch (error) {
      if (isConnectionLoss(error)) return at
      throw error
    }
    if (at === content.length) return at
  }
  return content.length
}

/** Small files and one that travels in chunks. */
const writeTree = async (folder: string, name: string): Promise<ReadonlyMap<string, Buffer>> => {
  const files = new Map<string, Buffer>()
  for (let index = 0; index < 120; index += 1) {
    const size = index === 60 ? 12 * MIB : below(20 * KIB)
    files.set(`${name}/${index % 9}/${index}.bin`, noise(`${SEED} ${name} ${index}`, size))
  }
  for (const [path, content] of files) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return files
}

const isThere = async (user: User, path: string): Promise<boolean> =>
  (await user.get(`${P}/resolve?path=/${path}`)).status === 200

test(`FLT-001 killed at any moment of any upload: nothing acknowledged is lost, everything resumes, doctor finds nothing (seed ${SEED})`, {
  skip: foreign
}, async (t) => {
  const user = await createUser(admin)
  const manifest: Manifest = { versions: new Map(), sent: new Map() }
  await using cli = await createCli(server.url, (await user.appPassword()).secret)
  const uploads: { path: string; content: Buffer; acknowledged: number; name: string }[] = []
  const trees: { files: ReadonlyMap<string, Buffer>; done: Promise<CliResult> }[] = []

  for (let round = 0; round < ROUNDS; round += 1) {
    const content = noise(`${SEED} tus ${round}`, 8 * MIB + below(8 * MIB))
    const name = `tus/${round}.bin`
    uploads.push({
      path: await tusCreate(user, content.length, { relativePath: name }),
      content,
      acknowledged: 0,
      name
    })
    const before = manifest.versions.size
    const lanes = ['a', 'b', 'c'].map((lane) => putUntilLost(user, manifest, `${round}${lane}`))
    const patches = uploads.map(async (upload) => {
      upload.acknowledged = await patchUntilLost(user, upload.path, {
        content: upload.content,
        offset: upload.acknowledged
      })
    })
    if (round % 2 === 0) {
      const files = await writeTree(cli.folder, `tree-${round}`)
      trees.push({ files, done: cli.start(['put', '-r', `tree-${round}`, '/', '--retry-for', '120']).done })
      await waitFor('the command has begun', () => isThere(user, `tree-${round}`), 60_000)
    }
    await waitFor('something is acknowledged', () => manifest.versions.size > before + 5 + below(40), 60_000)
    await pause(below(120))
    await server.kill()
    await Promise.all([...lanes, ...patches])
    await server.start()
    for (const upload of uploads) {
      const offset = await tusOffset(user, upload.path)
      assert.ok(offset >= upload.acknowledged, `${upload.name}: ${upload.acknowledged} acknowledged, ${offset} there`)
      upload.acknowledged = offset
    }
    // Collection beside crashes and resumed uploads must not take what is still needed.
    expectStatus(await admin.post('/v1/admin/storage/gc'), 200)
  }

  for (const { path, content, acknowledged, name } of uploads) {
    if (acknowledged < content.length) {
      expectStatus(await tusPatch(user, path, { offset: acknowledged, body: content.subarray(acknowledged) }), 204)
    }
    assert.equal(sha256(await user.read(name)), sha256(content), name)
  }
  for (const { files, done } of trees) {
    const { code, stderr } = await done
    assert.equal(code, 0, stderr)
    for (const [path, content] of files) assert.equal(sha256(await user.read(path)), sha256(content), path)
  }

  assert.ok(manifest.versions.size > ROUNDS, 'a run without acknowledgements proves nothing')
  t.diagnostic(
    `${manifest.versions.size} acknowledged PUTs, ${uploads.length} tus uploads, ${trees.length} cairn put -r`
  )
  await requireManifest(user, manifest)
  await requireSoundTree(user)
  await requireNoFindings()
})

/** Every acknowledged version is there byte for byte, and what is current was sent whole by somebody. */
const requireManifest = async (user: User, manifest: Manifest): Promise<void> => {
  const nodes = new Map<string, Node>()
  for (const [versionId, { path, hash }] of manifest.versions) {
    const node = nodes.get(path) ?? expectStatus(await user.get(`${P}/resolve?path=/${path}`), 200).json<Node>()
    nodes.set(path, node)
    const content = await user.get(`${P}/nodes/${node.id}/content?version=${versionId}`)
    assert.equal(sha256(expectStatus(content, 200).bytes), hash, `${path} ${versionId}`)
  }
  for (const [path, hashes] of manifest.sent) {
    const current = await user.get(`${P}/files/${path}`)
    if (current.status !== 404) assert.ok(hashes.has(sha256(expectStatus(current, 200).bytes)), `${path} is torn`)
  }
}

/** Sizes, names and the quota agree with each other. */
const requireSoundTree = async (user: User): Promise<void> => {
  const count = async (folder: string): Promise<number> => {
    let total = 0
    const children = await user.children(folder)
    assert.equal(new Set(children.map(({ name }) => name.toLowerCase())).size, children.length)
    for (const node of children) {
      if (node.kind === 'folder') total += await count(node.id)
      else {
        const versions = await allPages<{ size: number }>(user, `${P}/nodes/${node.id}/versions`)
        total += versions.reduce((sum, { size }) => sum + size, 0)
      }
    }
    return total
  }
  const { rootId, quota } = await user.drive()
  assert.equal(await count(rootId), quota.used)
}

const requireNoFindings = async (): Promise<void> => {
  await using cli = await createCli(server.url, admin.signIn.accessToken)
  const report = await cli.run(['doctor', '--level', '3', '--json'])
  assert.equal(report.code, 0, report.stdout + report.stderr)
  const [{ total, chunks } = { total: -1, chunks: 0 }] = report.records<{ total: number; chunks: number }>()
  assert.equal(total, 0)
  assert.ok(chunks > 0)
}

test('FLT-001 killed between changes of the tree: each is whole or not there', { skip: foreign }, async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const acknowledged = new Map<string, string>()
  for (let round = 0; round < 2; round += 1) {
    const change = async (lane: number): Promise<void> => {
      for (let index = 0; ; index += 1) {
        const name = `${round}-${lane}-${index}`
        try {
          const made = await user.post(`${P}/folders`, { parentId: rootId, name, exclusive: true })
          if (made.status === 503) return
          const { id } = expectStatus(made, 201).json<Node>()
          const child = await user.post(`${P}/folders`, { parentId: id, name: 'child' })
          if (child.status === 503) return
          expectStatus(child, 201)
          const moved = await user.patch(`${P}/nodes/${id}`, { name: `${name} renamed` })
          if (moved.status === 503) return
          acknowledged.set(id, expectStatus(moved, 200).json<Node>().name)
        } catch (error) {
          if (isConnectionLoss(error)) return
          throw error
        }
      }
    }
    const before = acknowledged.size
    const lanes = [0, 1, 2, 3].map(change)
    await waitFor('changes are acknowledged', () => acknowledged.size > before + 5 + below(30), 60_000)
    await server.kill()
    await Promise.all(lanes)
    await server.start()
  }
  assert.ok(acknowledged.size > 0)
  const listed = new Map((await user.children(rootId)).map(({ id, name }) => [id, name]))
  for (const [id, name] of acknowledged) assert.equal(listed.get(id), name)
  await requireSoundTree(user)
  await requireNoFindings()
})
