/** One HTTP exchange, without credentials, retries or meaning. */
export interface HttpPort {
  /**
   * Resolves with the head of the reply, whatever its status. Rejects when none arrived. Redirects
   * are not followed. Aborting `signal` ends the exchange, also while the body is being read.
   */
  exchange(request: HttpRequest): Promise<HttpReply>
}

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** Buffers sent one after the other; not changed while the exchange lasts. */
  readonly body: readonly Uint8Array<ArrayBuffer>[] | undefined
  readonly signal: AbortSignal
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
    exchange: async ({ method, url, headers, body, signal }) => {
      const response = await fetch(url, {
        method,
        headers,
        body: body === undefined ? null : body.length === 1 ? (body[0] ?? null) : new Blob([...body]),
        signal,
        redirect: 'manual'
      })
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
