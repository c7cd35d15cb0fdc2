import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BlobsUrlError, describeBlobs, parseBlobsUrl } from './blobs-url.ts'

describe('blobs URL', () => {
  it('reads a folder', () => {
    assert.deepEqual(parseBlobsUrl('file:///var/lib/cairn/blobs/'), {
      kind: 'filesystem',
      root: '/var/lib/cairn/blobs'
    })
    assert.deepEqual(parseBlobsUrl('file:///with%20space'), { kind: 'filesystem', root: '/with space' })
  })

  it('reads an S3 server with everything', () => {
    const url = 's3://AK%2FID:s%2Fe%40c%2Br@s3.example.org:9000/my-bucket/a/b/?region=eu-1&tls=false&style=virtual'
    assert.deepEqual(parseBlobsUrl(url), {
      kind: 's3',
      options: {
        endpoint: 'http://s3.example.org:9000',
        region: 'eu-1',
        bucket: 'my-bucket',
        prefix: 'a/b',
        forcePathStyle: false,
        credentials: { accessKeyId: 'AK/ID', secretAccessKey: 's/e@c+r' }
      }
    })
  })

  it('has defaults', () => {
    assert.deepEqual(parseBlobsUrl('s3://s3.example.org/bucket'), {
      kind: 's3',
      options: {
        endpoint: 'https://s3.example.org',
        region: 'us-east-1',
        bucket: 'bucket',
        forcePathStyle: true,
        credentials: undefined
      }
    })
  })

  it('SEC: describes without the secret', () => {
    const location = parseBlobsUrl('s3://key:hunter22@host:1/bucket/p?tls=false')
    assert.equal(describeBlobs(location), 's3://key:***@host:1/bucket/p?region=us-east-1&tls=false')
    assert.equal(describeBlobs(parseBlobsUrl('s3://host/bucket')), 's3://host/bucket?region=us-east-1&tls=true')
    assert.equal(describeBlobs(parseBlobsUrl('file:///data')), 'file:///data')
  })

  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /not a URL/],
    ['/var/lib', /not a URL/],
    ['ftp://key:hunter22@host/bucket', /unknown scheme "ftp:"/],
    ['file://var/lib', /three slashes/],
    ['file:///', /not the root/],
    ['file:///a?b=c', /no parameters/],
    ['s3:///bucket', /host/],
    ['s3://key:hunter22@host', /bucket/],
    ['s3://key:hunter22@host/', /bucket/],
    ['s3://key:hunter22@host/UPPER', /bucket/],
    ['s3://host/bucket/a//b', /prefix/],
    ['s3://host/bucket/%2e%2e%2fx', /prefix/],
    ['s3://host/bucket?tls=no', /"tls" must be true or false/],
    ['s3://host/bucket?style=x', /"style" must be/],
    ['s3://host/bucket?region=a/b', /region/],
    ['s3://host/bucket?secret=hunter22', /unknown parameter "secret"/],
    ['s3://host/bucket?tls=true&tls=false', /twice/],
    ['s3://key@host/bucket', /both/],
    ['s3://:hunter22@host/bucket', /both/],
    ['s3://key:%zzhunter22@host/bucket', /percent-encoded/],
    ['s3://key:hun#ter22@host/bucket', /./]
  ]
  for (const [url, message] of bad) {
    it(`SEC: refuses ${JSON.stringify(url)} without repeating a secret`, () => {
      assert.throws(
        () => parseBlobsUrl(url),
        (error) => {
          assert.ok(error instanceof BlobsUrlError)
          assert.match(error.message, message)
          assert.doesNotMatch(`${error.message}${error.stack?.split('\n')[0]}`, /hunter22|ter22/)
          return true
        }
      )
    })
  }
})
