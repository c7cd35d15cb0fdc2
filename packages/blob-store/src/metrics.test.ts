import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createMetrics } from '@cairn/runtime'
import { createTemporaryFolder } from '@cairn/testing'
import { createFilesystemBlobStore } from './filesystem/index.ts'
import { type BlobOperation, createBlobMetrics, withMetrics } from './metrics.ts'

it('records every operation with its outcome and bytes', async () => {
  await using folder = await createTemporaryFolder('blob-metrics')
  const seen: BlobOperation[] = []
  const store = withMetrics(await createFilesystemBlobStore({ root: folder.path }), (operation) => seen.push(operation))
  const writer = await store.create('v1/a')
  await writer.write([Buffer.from('some'), Buffer.from('bytes')])
  await writer.commit()
  await writer.abort()
  await store.read('v1/a', 0, 4)
  await assert.rejects(store.read('v1/a', 0, 99))
  await assert.rejects(store.read('v1/b', 0, 1))
  await assert.rejects(store.read('v1/a', 0, 1, { signal: AbortSignal.abort(new Error('gone')) }))
  await assert.rejects(store.read('v1/a', -1, 1))
  await store.size('v1/a')
  for await (const _ of store.list('')) break
  await store.delete('v1/a')
  await store.check()
  await store.freeBytes()
  assert.deepEqual(
    seen.map(({ name, outcome, bytes }) => `${name} ${outcome} ${bytes}`),
    [
      'create ok 0',
      'write ok 9',
      'commit ok 0',
      'abort ok 0',
      'read ok 4',
      'read truncated 0',
      'read not_found 0',
      'read aborted 0',
      'read error 0',
      'size ok 0',
      'list ok 0',
      'delete ok 0',
      'check ok 0',
      'freeBytes ok 0'
    ]
  )
  for (const { seconds } of seen) assert.ok(seconds >= 0 && seconds < 10)
})

it('exposes durations by operation and outcome, and bytes', async () => {
  const metrics = createMetrics()
  const record = createBlobMetrics(metrics)
  record({ name: 'read', outcome: 'ok', seconds: 0.001, bytes: 4096 })
  record({ name: 'read', outcome: 'unavailable', seconds: 2, bytes: 0 })
  const text = await metrics.render()
  assert.match(text, /cairn_blob_operation_seconds_count\{operation="read",outcome="unavailable"\} 1/)
  assert.match(text, /cairn_blob_bytes_total\{operation="read"\} 4096/)
})
