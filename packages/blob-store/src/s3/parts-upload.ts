import { type RetryPolicy, withAttempts } from './attempts.ts'
import { failureOf } from './errors.ts'
import type { S3Api } from './s3-api.ts'

interface PartsContext {
  readonly api: S3Api
  readonly policy: RetryPolicy
  readonly onProblem: (message: string, cause: unknown) => void
}

interface PartsTarget {
  readonly key: string
  readonly writer: string
  readonly signal: AbortSignal | undefined
}

/** A multipart upload under way. Parts are numbered, so sending one again replaces it: retries are safe. */
export class PartsUploading {
  readonly #context: PartsContext
  readonly #target: PartsTarget
  readonly #uploadId: string
  readonly #etags: string[] = []
  #size = 0

  constructor(context: PartsContext, target: PartsTarget, uploadId: string) {
    this.#context = context
    this.#target = target
    this.#uploadId = uploadId
  }

  static async start(context: PartsContext, target: PartsTarget): Promise<PartsUploading> {
    const uploadId = await withAttempts(context.policy, target, ({ signal }) => context.api.startParts(target, signal))
    return new PartsUploading(context, target, uploadId)
  }

  /** Bytes sent so far. */
  get size(): number {
    return this.#size
  }

  async send(bytes: Uint8Array): Promise<void> {
    const { api, policy } = this.#context
    const { key, signal } = this.#target
    const part = { key, uploadId: this.#uploadId, number: this.#etags.length + 1, bytes }
    const call = { signal, bytes: bytes.byteLength }
    this.#etags.push(await withAttempts(policy, call, (attempt) => api.putPart(part, attempt.signal)))
    this.#size += bytes.byteLength
  }

  /** One try: whoever publishes decides what an error means. */
  async finish(signal: AbortSignal): Promise<void> {
    const { key } = this.#target
    await this.#context.api.finishParts({ key, uploadId: this.#uploadId, etags: this.#etags }, signal)
  }

  /** Frees the parts. Failures are reported only: the bucket's lifecycle rule is the second net. */
  async drop(): Promise<void> {
    const { api, policy, onProblem } = this.#context
    const upload = { key: this.#target.key, uploadId: this.#uploadId }
    try {
      await withAttempts(policy, {}, ({ signal }) => api.dropParts(upload, signal))
    } catch (error) {
      if (failureOf(error).status !== 404) onProblem('a multipart upload could not be aborted', error)
    }
  }
}
