import { execFile } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { parseBlobsUrl, type S3Location } from '../src/blobs-url.ts'

const run = promisify(execFile)
const SCRIPTS = join(import.meta.dirname, '../../../scripts/services')
const INSTALL_LIMIT_MS = 6 * 60_000
const START_LIMIT_MS = 3 * 60_000

export interface TestS3Server extends AsyncDisposable {
  readonly location: S3Location
}

export type TestS3 =
  | { readonly server: TestS3Server; readonly skip?: undefined }
  | { readonly server?: undefined; readonly skip: string }

/**
 * A real S3 server with an empty bucket: the one of CAIRN_TEST_S3_URL, otherwise Debian's Ceph, installed
 * and started here. Says why when there is none to be had.
 */
export const openTestS3 = async (): Promise<TestS3> => {
  const configured = process.env['CAIRN_TEST_S3_URL']
  try {
    const server = configured === undefined || configured === '' ? await startCeph() : useConfigured(configured)
    await createBucket(server.location)
    return { server }
  } catch (error) {
    const skip = `no S3 server: ${error instanceof Error ? reasonOf(error) : String(error)}`
    process.stderr.write(`${skip}\n`)
    return { skip }
  }
}

const reasonOf = (error: Error): string =>
  'stderr' in error && typeof error.stderr === 'string' && error.stderr !== '' ? error.stderr.trim() : error.message

/** Every run gets a prefix of its own, so that a shared server does not mix runs. */
const useConfigured = (url: string): TestS3Server => {
  const parsed = parseBlobsUrl(url)
  if (parsed.kind !== 's3') throw new Error('CAIRN_TEST_S3_URL must be an s3: URL')
  const run = `run-${randomBytes(6).toString('hex')}`
  const prefix = parsed.options.prefix === undefined ? run : `${parsed.options.prefix}/${run}`
  return { location: { ...parsed.options, prefix }, [Symbol.asyncDispose]: async () => undefined }
}

const startCeph = async (): Promise<TestS3Server> => {
  if (process.platform !== 'linux') throw new Error('needs Linux, or CAIRN_TEST_S3_URL')
  await run(`${SCRIPTS}/install.sh`, ['ceph'], { timeout: INSTALL_LIMIT_MS })
  // Short, because Ceph's sockets live below it.
  const folder = await mkdtemp('/tmp/ceph-')
  const script = `${SCRIPTS}/ceph-s3.sh`
  const port = await freePort()
  const stop = async () => {
    await run(script, ['stop', join(folder, 'd'), String(port)])
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await run(script, ['start', join(folder, 'd'), String(port)], { timeout: START_LIMIT_MS })
  } catch (error) {
    await stop()
    throw error
  }
  const credentials = { accessKeyId: 'cairnaccess', secretAccessKey: 'cairnsecretcairnsecret' }
  const endpoint = `http://127.0.0.1:${port}`
  const location = { endpoint, region: 'us-east-1', bucket: 'cairn-test', forcePathStyle: true, credentials }
  return { location, [Symbol.asyncDispose]: stop }
}

/** The first of a range that the script uses; below the range that the kernel hands out. */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + 100 * randomInt(100)
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  }
}

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

const createBucket = async (location: S3Location): Promise<void> => {
  const { endpoint, region, bucket, forcePathStyle = true, credentials } = location
  const client = new S3Client({
    region,
    forcePathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials })
  })
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  } catch (error) {
    const exists = error instanceof Error && /BucketAlready/.test(error.name)
    if (!exists) throw error
  } finally {
    client.destroy()
  }
}
