import type { BlobClock, BlobRandom } from '../ambient.ts'

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** After this the provider is asked again. */
  readonly expiration?: Date
}

export interface S3BlobStoreOptions {
  /** Origin of the server, e.g. "https://s3.example.org:9000"; undefined: AWS in `region`. */
  readonly endpoint?: string | undefined
  readonly region: string
  readonly bucket: string
  /** Put before every key; a "/" is added if it lacks one. Default: none. */
  readonly prefix?: string
  /** Undefined: the SDK's own chain (environment, web identity, instance role). */
  readonly credentials?: S3Credentials | (() => Promise<S3Credentials>) | undefined
  /** Bucket in the path instead of the host name; default true. */
  readonly forcePathStyle?: boolean
  /** Objects above this many bytes are sent in parts of this size; default 32 MiB, at least 5 MiB. */
  readonly partBytes?: number
  /** Tries per request, the first included; default 5. */
  readonly attempts?: number
  /** Limit of one try besides the time its bytes may take; default 60000 ms. */
  readonly requestTimeoutMs?: number
  /** Connections at the same time; default 64. */
  readonly maxSockets?: number
  /** Objects per page of a listing; default 1000. */
  readonly listPageSize?: number
  readonly clock?: BlobClock
  readonly random?: BlobRandom
  /** Failed clean-ups that no caller waits for; default: ignored. */
  readonly onProblem?: (message: string, cause: unknown) => void
}
