import { fileURLToPath } from 'node:url'
import type { S3BlobStoreOptions } from './s3/options.ts'

/** Where blobs live: what a driver's factory needs besides the process's clock, randomness and log. */
export type BlobsLocation =
  | { readonly kind: 'filesystem'; readonly root: string }
  | { readonly kind: 's3'; readonly options: S3Location }

export type S3Location = Pick<
  S3BlobStoreOptions,
  'endpoint' | 'region' | 'bucket' | 'prefix' | 'forcePathStyle' | 'credentials'
>

/** Its message names the problem and never contains the URL, which may hold a secret. */
export class BlobsUrlError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BlobsUrlError'
  }
}

/**
 * Reads `file:///path` or `s3://key:secret@host:port/bucket/prefix?region=&tls=&style=`; see
 * docs/blob-store.md. Throws BlobsUrlError.
 */
export const parseBlobsUrl = (text: string): BlobsLocation => {
  const url = URL.parse(text)
  if (url === null) throw new BlobsUrlError('not a URL; expected file:///path or s3://host/bucket')
  if (url.protocol === 'file:') return parseFileUrl(url)
  if (url.protocol === 's3:') return { kind: 's3', options: parseS3Url(url) }
  throw new BlobsUrlError(`unknown scheme "${url.protocol}"; expected file: or s3:`)
}

/** For logs and status pages: everything but the secret. */
export const describeBlobs = (location: BlobsLocation): string => {
  if (location.kind === 'filesystem') return `file://${location.root}`
  const { endpoint, bucket, prefix, region, credentials } = location.options
  const user = typeof credentials === 'object' ? `${encodeURIComponent(credentials.accessKeyId)}:***@` : ''
  const server = new URL(endpoint ?? '')
  const path = prefix === undefined ? bucket : `${bucket}/${prefix}`
  return `s3://${user}${server.host}/${path}?region=${region}&tls=${server.protocol === 'https:'}`
}

const parseFileUrl = (url: URL): BlobsLocation => {
  if (url.host !== '') throw new BlobsUrlError('a file: URL needs three slashes: file:///path')
  if (url.search !== '' || url.hash !== '') throw new BlobsUrlError('a file: URL takes no parameters')
  const root = fileURLToPath(url)
  if (root === '/') throw new BlobsUrlError('a file: URL must name a folder, not the root of the disk')
  return { kind: 'filesystem', root: root.replace(/\/+$/, '') }
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/
const REGION = /^[a-z0-9-]{1,64}$/i

const parseS3Url = (url: URL): S3Location => {
  if (url.host === '') throw new BlobsUrlError('an s3: URL needs a host: s3://host/bucket')
  if (url.hash !== '') throw new BlobsUrlError('an s3: URL takes no fragment; percent-encode "#" in a secret')
  const [bucket = '', ...rest] = url.pathname.slice(1).replace(/\/+$/, '').split('/')
  if (!BUCKET.test(bucket)) throw new BlobsUrlError('an s3: URL needs a bucket name as its first path segment')
  const prefix = rest.join('/')
  if (prefix !== '' && !PREFIX.test(prefix))
    throw new BlobsUrlError('the prefix may hold only letters, digits, . _ - and /')
  const parameters = parametersOf(url)
  return {
    endpoint: `${oneOf(parameters, 'tls', ['true', 'false']) === 'true' ? 'https' : 'http'}://${url.host}`,
    region: regionOf(parameters),
    bucket,
    ...(prefix === '' ? {} : { prefix }),
    forcePathStyle: oneOf(parameters, 'style', ['path', 'virtual']) === 'path',
    credentials: credentialsOf(url)
  }
}

const PARAMETERS = new Set(['region', 'tls', 'style'])

const parametersOf = (url: URL): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (!PARAMETERS.has(name)) throw new BlobsUrlError(`unknown parameter "${name}"; known: region, tls, style`)
    if (parameters.has(name)) throw new BlobsUrlError(`parameter "${name}" is given twice`)
    parameters.set(name, value)
  }
  return parameters
}

/** The first choice is the default. */
const oneOf = (parameters: ReadonlyMap<string, string>, name: string, choices: readonly string[]): string => {
  const value = parameters.get(name) ?? choices[0] ?? ''
  if (!choices.includes(value)) throw new BlobsUrlError(`parameter "${name}" must be ${choices.join(' or ')}`)
  return value
}

const regionOf = (parameters: ReadonlyMap<string, string>): string => {
  const region = parameters.get('region') ?? 'us-east-1'
  if (!REGION.test(region)) throw new BlobsUrlError('parameter "region" is not a region name')
  return region
}

const credentialsOf = (url: URL): { accessKeyId: string; secretAccessKey: string } | undefined => {
  if (url.username === '' && url.password === '') return undefined
  if (url.username === '' || url.password === '') throw new BlobsUrlError('give both key and secret, or neither')
  return { accessKeyId: decoded(url.username), secretAccessKey: decoded(url.password) }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new BlobsUrlError('key and secret must be percent-encoded')
  }
}
