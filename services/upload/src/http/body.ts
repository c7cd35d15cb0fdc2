import type { IncomingMessage } from 'node:http'
import { CairnError } from '@cairn/contracts'
import { tooLarge } from '../errors.ts'

export interface BodyOptions {
  /** Bytes after which the body is refused; the part that crosses it is not yielded. */
  readonly limit: number
  readonly signal: AbortSignal
  /** Told how many bytes have come so far. */
  readonly onBytes?: (received: number) => void
}

/**
 * A request's body as it arrives, buffer by buffer, without copies. Ending the iteration early leaves
 * the connection alive, so that an answer can still be sent. Aborting wakes a reader that waits and ends the
 * body behind what has arrived.
 * Throws `payload_too_large`, the signal's reason, or `invalid_request` when the connection ended
 * before the body did. A sender that does not keep the minimal rate is cut off by the HTTP server.
 */
export async function* readBody(
  request: IncomingMessage,
  { limit, signal, onBytes }: BodyOptions
): AsyncGenerator<Uint8Array, void> {
  const arrivals = watch(request, signal)
  let received = 0
  try {
    for (;;) {
      const bytes = request.read() as Uint8Array | null
      if (bytes !== null) {
        received += bytes.length
        if (received > limit) throw tooLarge(limit)
        onBytes?.(received)
        yield bytes
        if (!signal.aborted) continue
      }
      signal.throwIfAborted()
      if (request.readableEnded) return
      if (request.destroyed || request.errored !== null) throw interrupted(request.errored)
      await arrivals.next()
    }
  } finally {
    arrivals.stop()
  }
}

const interrupted = (cause: unknown): CairnError =>
  new CairnError('invalid_request', 'The connection ended before the body did.', { cause })

/** Wakes a waiting reader when anything happened to the request. */
const watch = (request: IncomingMessage, signal: AbortSignal) => {
  const events = ['readable', 'end', 'error', 'close'] as const
  let waiting: (() => void) | undefined
  const wake = () => waiting?.()
  for (const event of events) request.on(event, wake)
  signal.addEventListener('abort', wake)
  return {
    next: (): Promise<void> =>
      new Promise((resolve) => {
        waiting = resolve
      }),
    stop: () => {
      for (const event of events) request.off(event, wake)
      signal.removeEventListener('abort', wake)
    }
  }
}

/** Declared length in bytes; undefined with chunked transfer. No header and no coding means an empty body. */
export const declaredLength = (request: IncomingMessage): number | undefined => {
  if (request.headers['transfer-encoding'] !== undefined) return undefined
  const length = Number(request.headers['content-length'] ?? 0)
  if (!Number.isSafeInteger(length)) throw tooLarge(Number.MAX_SAFE_INTEGER)
  return length
}
