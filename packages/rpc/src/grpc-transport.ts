import type { Transport } from '@connectrpc/connect'
import { createGrpcTransport as createConnectGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import { withCallerErrors } from './caller-errors.ts'
import { createTokenInterceptor, type ServiceSecret } from './service-token.ts'
import { DEFAULT_TIMEOUT_MS, MAX_MESSAGE_BYTES, type RpcTransportOptions } from './transport-options.ts'

export interface GrpcTransportOptions extends RpcTransportOptions {
  /** e.g. "http://metadata:8090". */
  readonly url: string
  readonly secret?: ServiceSecret
}

export interface GrpcTransport {
  readonly transport: Transport
  /** Drops the connection; calls under way fail. */
  close(): void
}

const PING_INTERVAL_MS = 30_000

/** One HTTP/2 connection to a peer, opened on first use and reopened when it breaks. */
export const createGrpcTransport = (options: GrpcTransportOptions): GrpcTransport => {
  // Idle connections are verified when they are used again. Pinging them all the time is not safe: the timer
  // is set again when the streams of a broken session close, and its ping then throws outside any call.
  const sessionManager = new Http2SessionManager(options.url, {
    pingIntervalMs: PING_INTERVAL_MS,
    pingIdleConnection: false
  })
  const { client } = options.interceptors
  const transport = createConnectGrpcTransport({
    baseUrl: options.url,
    sessionManager,
    interceptors: options.secret === undefined ? client : [...client, createTokenInterceptor(options.secret)],
    defaultTimeoutMs: options.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    acceptCompression: [],
    readMaxBytes: MAX_MESSAGE_BYTES
  })
  return { transport: withCallerErrors(transport), close: () => sessionManager.abort() }
}
