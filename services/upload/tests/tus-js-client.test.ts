import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { createTemporaryFolder, type TemporaryFolder } from '@cairn/testing'
import tus from 'tus-js-client'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { fileContent, noise } from './_requests.ts'

describe('tus-js-client, unmodified', () => {
  let cluster: Cluster
  let replica: Replica
  let folder: TemporaryFolder
  before(async () => {
    cluster = await createCluster()
    replica = await cluster.addReplica()
    folder = await createTemporaryFolder()
  })
  after(async () => {
    await cluster[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  type Source = ConstructorParameters<typeof tus.Upload>[0]

  const upload = (
    source: Source,
    user: string,
    options: Partial<ConstructorParameters<typeof tus.Upload>[1]>
  ): Promise<InstanceType<typeof tus.Upload>> =>
    new Promise((resolve, reject) => {
      const job = new tus.Upload(source, {
        endpoint: `${replica.url}/v1/uploads`,
        headers: { Authorization: `Bearer ${user}` },
        retryDelays: [0, 100],
        ...options,
        onSuccess: () => resolve(job),
        onError: reject
      })
      job.start()
    })

  it('uploads in chunks', async () => {
    const user = cluster.uuid()
    const content = Buffer.from(noise(3_000_000))
    await upload(content as unknown as Source, user, { chunkSize: 700_000, metadata: { filename: 'chunks.bin' } })
    assert.deepEqual(await fileContent(cluster, user, 'chunks.bin'), content)
  })

  it('creates with data and a deferred length', async () => {
    const user = cluster.uuid()
    const content = Buffer.from(noise(1_200_000))
    await upload(Readable.from([content.subarray(0, 800_000), content.subarray(800_000)]) as unknown as Source, user, {
      chunkSize: 500_000,
      uploadLengthDeferred: true,
      metadata: { filename: 'stream.bin' }
    })
    assert.deepEqual(await fileContent(cluster, user, 'stream.bin'), content)
    await upload(content as unknown as Source, user, {
      uploadDataDuringCreation: true,
      metadata: { filename: 'one.bin' }
    })
    assert.deepEqual(await fileContent(cluster, user, 'one.bin'), content)
  })

  it('FLT-047: resumes after an abort', async () => {
    const user = cluster.uuid()
    const content = Buffer.from(noise(5_000_000))
    const url = await new Promise<string>((resolve, reject) => {
      const job = new tus.Upload(content as unknown as Source, {
        endpoint: `${replica.url}/v1/uploads`,
        headers: { Authorization: `Bearer ${user}` },
        chunkSize: 1_000_000,
        metadata: { filename: 'resumed.bin' },
        onChunkComplete: (_size, accepted) => {
          if (accepted >= 2_000_000) job.abort().then(() => resolve(job.url ?? ''), reject)
        },
        onError: reject
      })
      job.start()
    })
    await upload(content as unknown as Source, user, { uploadUrl: url })
    assert.deepEqual(await fileContent(cluster, user, 'resumed.bin'), content)
  })

  it('uploads in parallel parts', async () => {
    const user = cluster.uuid()
    const content = Buffer.from(noise(4_000_000))
    const file = join(folder.path, 'parallel.bin')
    await writeFile(file, content)
    await upload(createReadStream(file) as unknown as Source, user, {
      parallelUploads: 3,
      chunkSize: 600_000,
      metadata: { filename: 'parallel.bin' }
    })
    assert.deepEqual(await fileContent(cluster, user, 'parallel.bin'), content)
  })

  it('terminates', async () => {
    const user = cluster.uuid()
    const done = await upload(Buffer.from(noise(10)) as unknown as Source, user, { metadata: { filename: 't' } })
    await tus.Upload.terminate(done.url ?? '', { headers: { Authorization: `Bearer ${user}` } })
    assert.equal((await fileContent(cluster, user, 't'))?.length, 10)
  })

  it('works through POST with a method override', async () => {
    const user = cluster.uuid()
    await upload(Buffer.from(noise(1000)) as unknown as Source, user, {
      overridePatchMethod: true,
      metadata: { filename: 'override.bin' }
    })
    assert.equal((await fileContent(cluster, user, 'override.bin'))?.length, 1000)
  })
})
