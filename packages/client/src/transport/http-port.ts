/** One HTTP exchange, without credentials, retries or meaning. */
export interface HttpPort {
  /**
   * Resolves with the head of the reply, whatever its status. Rejects when none arrived in time, with
   * whatever the platform throws. Redirects are not followed. Aborting `signal` ends the exchange, also
   * while the body is being read.
   */
  exchange(request: HttpRequest): Promise<HttpReply>
}

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** Buffers sent one after the other; not changed while the exchange lasts. */
  readonly body: readonly Uint8Array<ArrayBuffer>[] | undefined
  /** How long the head of the reply may take once the request is sent, in ms. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

export interface HttpReply {
  readonly status: number
  readonly headers: Headers
  /** The body, to be consumed once, by one of these. */
  text(): Promise<string>
  bytes(): AsyncIterable<Uint8Array>
  /** The body is not wanted. */
  discard(): Promise<void>
}

/** Over the platform's fetch: browsers, Node, Deno, Bun. */
export function fetchPort(fetch: typeof globalThis.fetch): HttpPort {
  return {
    exchange: async ({ method, url, headers, body, timeoutMs, signal }) => {
      const init = { method, headers, body: blobOf(body), redirect: 'manual' as const }
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(noAnswer(timeoutMs)), timeoutMs + sendingMs(body))
      const ends = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal])
      const response = await fetch(url, { ...init, signal: ends }).finally(() => clearTimeout(timer))
      return {
        status: response.status,
        headers: response.headers,
        text: () => response.text(),
        bytes: () => read(response.body),
        discard: async () => response.body?.cancel()
      }
    }
  }
}

export const noAnswer = (timeoutMs: number) => new Error(`no answer within ${timeoutMs / 1000} s`)

const blobOf = (body: HttpRequest['body']) =>
  body === undefined ? null : body.length === 1 ? (body[0] ?? null) : new Blob([...body])

const SLOWEST_BYTES_PER_MS = 16

// fetch does not tell when the request is sent: time for a slow line is added.
const sendingMs = (body: HttpRequest['body'] = []) =>
  body.reduce((sum, part) => sum + part.length, 0) / SLOWEST_BYTES_PER_MS

async function* read(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, void> {
  if (stream === null) return
  const reader = stream.getReader()
  let ended = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      ended = done
      if (done) return
      yield value
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined)
  }
}
