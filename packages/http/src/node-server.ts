import { createServer, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Random } from '@cairn/runtime'
import { urlProblem } from './canonical-url.ts'
import { deferContinue } from './expect-continue.ts'
import type { HttpLimits } from './limits.ts'
import { refuseRequest } from './raw-guard.ts'
import { sendRawProblem, writeRawProblem } from './raw-problem.ts'
import type { TransferGuard } from './transfer-guard.ts'

export interface NodeServerOptions {
  readonly limits: HttpLimits
  readonly random: Random
  readonly transfers: TransferGuard
}

/** The HTTP/1.1 server below Fastify: timeouts, sizes, and refusals that come before any routing. */
export const createNodeServer = (handler: RequestListener, options: NodeServerOptions): Server => {
  const { limits, random, transfers } = options

  const serve: RequestListener = (request, response) => {
    // Its sender hung up before it was looked at: nobody to answer, and nothing that tells whom to count it for.
    if (request.socket.remoteAddress === undefined) {
      request.socket.destroy()
      return
    }
    const refusal = refuseRequest(request, limits.maxHeaders)
    if (refusal !== undefined) {
      sendRawProblem(response, refusal, random.uuid())
      return
    }
    transfers.watch(request, response)
    handler(request, response)
  }

  const server: Server = createServer(
    {
      maxHeaderSize: limits.maxHeaderSize,
      headersTimeout: limits.headersTimeout,
      keepAliveTimeout: limits.keepAliveTimeout,
      // A bound on whole requests would cut long uploads; the transfer guard bounds bodies instead.
      requestTimeout: 0,
      connectionsCheckingInterval: limits.sweepInterval,
      highWaterMark: limits.highWaterMark,
      requireHostHeader: true,
      insecureHTTPParser: false,
      noDelay: true,
      shouldUpgradeCallback: (request) =>
        server.listenerCount('upgrade') > 0 && urlProblem(request.url ?? '') === undefined
    },
    serve
  )
  // Bounded by maxHeaderSize; beyond its own limit Node would drop headers silently.
  server.maxHeadersCount = 0
  server.setTimeout(limits.connectionTimeout)
  server.on('checkContinue', (request, response) => {
    deferContinue(request, response)
    serve(request, response)
  })
  server.on('checkExpectation', (_request, response) => {
    const detail = 'Only "Expect: 100-continue" is understood'
    sendRawProblem(response, { code: 'invalid_request', detail, status: 417 }, random.uuid())
  })
  server.on('connect', (_request, socket) => {
    writeRawProblem(socket, { code: 'method_not_allowed', detail: 'CONNECT is not offered' }, random.uuid())
  })
  return server
}

/** Answer to what is not HTTP, or too slow, or too large; for Fastify's `clientErrorHandler`. */
export const refuseUnparsable = (error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const detail = 'This is not a request the server can read'
  writeRawProblem(socket, { code: 'invalid_request', detail, status: statusOf(error.code) }, requestId)
}

const statusOf = (code: string | undefined): number => {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return 400
}
