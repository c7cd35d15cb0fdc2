import { after } from 'node:test'
import { describeBlobStore } from '../src/contract-suite.ts'
import { createS3BlobStore } from '../src/s3/index.ts'
import { BUCKET, startFakeS3 } from './_fake-s3.ts'

const MIN_PART_BYTES = 5 * 1024 * 1024

for (const conditional of ['obeyed', 'rejected', 'ignored'] as const) {
  const fake = await startFakeS3(conditional)
  after(() => fake[Symbol.asyncDispose]())
  describeBlobStore({
    name: `S3 blob store on a simulated server, If-None-Match ${conditional}`,
    open: () =>
      createS3BlobStore({
        endpoint: fake.endpoint,
        region: 'us-east-1',
        bucket: BUCKET,
        prefix: 'some/prefix',
        credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
        partBytes: MIN_PART_BYTES,
        listPageSize: 3
      })
  })
}
