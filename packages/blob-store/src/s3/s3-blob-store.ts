import { createKeyedMutex } from '@cairn/runtime'
import { ambientClock, ambientRandom, type BlobRandom } from '../ambient.ts'
import { BlobError, type BlobInfo, type BlobStore, type BlobWriter, type ReadOptions } from '../blob-store.ts'
import { assertValidKey, assertValidPrefix, isValidKey } from '../key.ts'
import { assertValidRange, readTarget } from '../range.ts'
import { createThrottledCheck, type ThrottledCheck } from '../throttled-check.ts'
import { type Attempt, type Call, type RetryPolicy, withAttempts } from './attempts.ts'
import { createConditionalPut } from './conditional-put.ts'
import { failureOf, toBlobError } from './errors.ts'
import type { S3BlobStoreOptions } from './options.ts'
import { readRange } from './read-range.ts'
import type { ObjectHead, S3Api } from './s3-api.ts'
import { createS3Writer, type S3WriterContext } from './s3-writer.ts'
import { createSdkApi } from './sdk-api.ts'

const PART_BYTES = 32 * 1024 * 1024
const MIN_PART_BYTES = 5 * 1024 * 1024
const ATTEMPTS = 5
const REQUEST_TIMEOUT_MS = 60_000
const CHECK_KEEP_MS = 5000
const CHECK_ATTEMPTS = 2
const CHECK_TIMEOUT_MS = 5000
const PROBE_FOLDER = '.probe/'

/** Loads the SDK. Contacts nobody: the first request does. Throws RangeError for a bad `partBytes`. */
export const createS3BlobStore = async (options: S3BlobStoreOptions): Promise<BlobStore> => {
  const { clock = ambientClock, random = ambientRandom, onProblem = () => undefined } = options
  const { partBytes = PART_BYTES, attempts = ATTEMPTS, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  if (partBytes < MIN_PART_BYTES) throw new RangeError(`partBytes must be at least ${MIN_PART_BYTES}`)
  const api = await createSdkApi(options)
  const prefix = folderPrefix(options.prefix ?? '')
  const policy: RetryPolicy = { clock, random, attempts, requestTimeoutMs }
  const newProbeKey = () => `${prefix}${PROBE_FOLDER}${newToken(random)}`
  const conditional = createConditionalPut({ api, policy, newProbeKey, onProblem })
  const context = { api, policy, conditional, mutex: createKeyedMutex(), partBytes, onProblem }
  return new S3BlobStore({ context, prefix, random })
}

const TOKEN_BYTES = 16

const newToken = (random: BlobRandom): string => Buffer.from(random.bytes(TOKEN_BYTES)).toString('hex')

const folderPrefix = (prefix: string): string => {
  const trimmed = prefix.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : `${trimmed}/`
}

interface StoreParts {
  readonly context: S3WriterContext
  readonly prefix: string
  readonly random: BlobRandom
}

class S3BlobStore implements BlobStore {
  readonly #parts: StoreParts
  readonly #api: S3Api
  readonly #checkBucket: ThrottledCheck
  #closed = false

  constructor(parts: StoreParts) {
    this.#parts = parts
    this.#api = parts.context.api
    const { policy } = parts.context
    const quick = { ...policy, attempts: CHECK_ATTEMPTS, requestTimeoutMs: CHECK_TIMEOUT_MS }
    const look = () => withAttempts(quick, {}, ({ signal }) => this.#api.headBucket(signal))
    this.#checkBucket = createThrottledCheck(look, { clock: policy.clock, keepMs: CHECK_KEEP_MS })
  }

  async create(key: string, signal?: AbortSignal): Promise<BlobWriter> {
    const name = this.#name(key)
    signal?.throwIfAborted()
    return createS3Writer(this.#parts.context, { key: name, writer: newToken(this.#parts.random), signal })
  }

  async read(key: string, offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const name = this.#name(key)
    assertValidRange(offset, length)
    const { signal } = options
    const target = readTarget(length, options.into)
    if (length === 0) {
      if ((await this.size(key, signal)) === undefined) throw new BlobError('not_found', `no object ${key}`)
      return target
    }
    const range = { key: name, offset, length }
    await this.#orBlobError(`reading ${key}`, { signal, bytes: length }, async (attempt) => {
      await readRange(await this.#api.get(range, attempt.signal), range, target)
    })
    return target
  }

  async size(key: string, signal?: AbortSignal): Promise<number | undefined> {
    const name = this.#name(key)
    const head = await this.#orBlobError(`looking at ${key}`, { signal }, (attempt) => this.#head(name, attempt.signal))
    return head?.size
  }

  async delete(key: string, signal?: AbortSignal): Promise<void> {
    const name = this.#name(key)
    await this.#orBlobError(`deleting ${key}`, { signal }, async (attempt) => {
      try {
        await this.#api.remove(name, attempt.signal)
      } catch (error) {
        const { name: code, status } = failureOf(error)
        if (status !== 404 || code === 'NoSuchBucket') throw error
      }
    })
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    this.#assertOpen()
    assertValidPrefix(prefix)
    const own = this.#parts.prefix
    let after: string | undefined
    do {
      const request = { prefix: own + prefix, after }
      const look = (attempt: Attempt) => this.#api.list(request, attempt.signal)
      const page = await this.#orBlobError('listing blobs', { signal }, look)
      for (const object of page.objects) {
        const key = object.key.slice(own.length)
        if (isValidKey(key)) yield { ...object, key }
      }
      after = page.next
    } while (after !== undefined)
  }

  async check(signal?: AbortSignal): Promise<void> {
    this.#assertOpen()
    await this.#bucketIsThere(signal)
  }

  async freeBytes(): Promise<undefined> {
    return undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#api.close()
  }

  #name(key: string): string {
    this.#assertOpen()
    assertValidKey(key)
    return this.#parts.prefix + key
  }

  #assertOpen(): void {
    if (this.#closed) throw new BlobError('unavailable', 'the blob store is closed')
  }

  /** A HEAD has no body: "no such object" and "no such bucket" look alike until the bucket is asked for. */
  async #head(name: string, signal: AbortSignal): Promise<ObjectHead | undefined> {
    const head = await this.#api.head(name, signal)
    if (head === undefined) await this.#bucketIsThere(signal)
    return head
  }

  async #bucketIsThere(signal?: AbortSignal): Promise<void> {
    try {
      await this.#checkBucket(signal)
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason
      const { status, name } = failureOf(error)
      throw new BlobError('unavailable', `the bucket cannot be used: ${status ?? ''} ${name}`, { cause: error })
    }
  }

  async #orBlobError<T>(doing: string, call: Call, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    try {
      return await withAttempts(this.#parts.context.policy, call, work)
    } catch (error) {
      throw call.signal?.aborted === true ? call.signal.reason : toBlobError(error, doing)
    }
  }
}
