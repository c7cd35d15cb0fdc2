/** Bounds of the public HTTP surface. Times in milliseconds, sizes in bytes. */
export interface HttpLimits {
  /** For all headers of a request; default 15 000. */
  readonly headersTimeout: number
  /** Unused connections are kept this long; default 65 000 (longer than common proxies keep theirs). */
  readonly keepAliveTimeout: number
  /** A connection on which nothing moves at all is closed; default 120 000. Streams must ping more often. */
  readonly connectionTimeout: number
  /** For the whole body of an ordinary (JSON) request; default 30 000. */
  readonly bodyTimeout: number
  /**
   * Bytes per second a streamed body or a response must average over `progressWindow`; default 256.
   * Time the server itself held the stream back does not count.
   */
  readonly minRate: number
  /** Default 60 000. */
  readonly progressWindow: number
  /** How often transfers are looked at; default 5000. */
  readonly sweepInterval: number
  /** How long the unread rest of a refused request is drained so that the client sees the answer; default 10 000. */
  readonly lingerTimeout: number
  /** Largest JSON body; default 1 MiB. */
  readonly bodyLimit: number
  /** All request headers together; default 16 KiB. */
  readonly maxHeaderSize: number
  /** Number of request headers; default 100. */
  readonly maxHeaders: number
  /** Stream buffer of request bodies and responses; default 1 MiB. */
  readonly highWaterMark: number
}

export const DEFAULT_LIMITS: HttpLimits = {
  headersTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionTimeout: 120_000,
  bodyTimeout: 30_000,
  minRate: 256,
  progressWindow: 60_000,
  sweepInterval: 5000,
  lingerTimeout: 10_000,
  bodyLimit: 1024 * 1024,
  maxHeaderSize: 16 * 1024,
  maxHeaders: 100,
  highWaterMark: 1024 * 1024
}
