import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpLimits } from './limits.ts'

/** "json": the body must arrive within bodyTimeout. "stream": it must keep the minimal rate. */
export type BodyMode = 'json' | 'stream'

/** Closes connections whose request body or response does not move (slow-rate attacks, dead peers). */
export interface TransferGuard {
  watch(request: IncomingMessage, response: ServerResponse): void
  setBodyMode(request: IncomingMessage, mode: BodyMode): void
  close(): void
}

interface Transfer {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly startedAt: number
  mode: BodyMode
  readonly incoming: Window
  readonly outgoing: Window
}

interface Window {
  since: number
  bytes: number
}

/** One timer for all transfers: a request costs two map operations. */
export const createTransferGuard = (limits: HttpLimits): TransferGuard => {
  const transfers = new Map<IncomingMessage, Transfer>()

  const sweep = (): void => {
    const now = performance.now()
    for (const transfer of transfers.values()) {
      if (isTooSlow(transfer, { now, limits })) transfer.request.socket.destroy()
    }
  }
  const timer = setInterval(sweep, limits.sweepInterval)
  timer.unref()

  return {
    watch: (request, response) => {
      const now = performance.now()
      transfers.set(request, {
        request,
        response,
        startedAt: now,
        mode: 'json',
        incoming: { since: now, bytes: request.socket.bytesRead },
        outgoing: { since: now, bytes: sentBytes(request) }
      })
      response.once('close', () => transfers.delete(request))
    },
    setBodyMode: (request, mode) => {
      const transfer = transfers.get(request)
      if (transfer !== undefined) transfer.mode = mode
    },
    close: () => clearInterval(timer)
  }
}

interface Moment {
  readonly now: number
  readonly limits: HttpLimits
}

const isTooSlow = (transfer: Transfer, moment: Moment): boolean =>
  isBodyTooSlow(transfer, moment) || isReaderTooSlow(transfer, moment)

const isBodyTooSlow = ({ request, mode, startedAt, incoming }: Transfer, moment: Moment): boolean => {
  if (request.complete) return false
  if (mode === 'json') return moment.now - startedAt > moment.limits.bodyTimeout
  const serverHoldsBack = request.readableLength >= request.readableHighWaterMark
  return isStalled(incoming, { bytes: request.socket.bytesRead, exempt: serverHoldsBack }, moment)
}

/** Only a response with unsent bytes can be stalled by its reader. */
const isReaderTooSlow = ({ request, outgoing }: Transfer, moment: Moment): boolean =>
  isStalled(outgoing, { bytes: sentBytes(request), exempt: request.socket.writableLength === 0 }, moment)

const isStalled = (window: Window, seen: { bytes: number; exempt: boolean }, { now, limits }: Moment): boolean => {
  if (seen.exempt) {
    window.since = now
    window.bytes = seen.bytes
    return false
  }
  const elapsed = now - window.since
  if (elapsed < limits.progressWindow) return false
  const stalled = seen.bytes - window.bytes < (limits.minRate * elapsed) / 1000
  window.since = now
  window.bytes = seen.bytes
  return stalled
}

/** Bytes handed to the kernel. */
const sentBytes = ({ socket }: IncomingMessage): number => (socket.bytesWritten ?? 0) - socket.writableLength
