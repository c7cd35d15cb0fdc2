import { once } from 'node:events'
import { createServer, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import type { RpcInterceptors } from './interceptors.ts'
import type { RpcRegistry } from './registry.ts'
import { createTokenGate, type ServiceSecret } from './service-token.ts'
import { MAX_MESSAGE_BYTES } from './transport-options.ts'

export interface GrpcServerOptions {
  readonly interceptors: RpcInterceptors
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** Required of callers when set; leave out only where the network itself authenticates peers. */
  readonly secret?: ServiceSecret
}

export interface GrpcServer {
  readonly port: number
  /** Lets calls under way finish until the signal aborts, then cuts connections. */
  close(signal?: AbortSignal): Promise<void>
}

/** Serves everything bound so far as gRPC over HTTP/2 without TLS. Call it when all services are created. */
export const createGrpcServer = async (registry: RpcRegistry, options: GrpcServerOptions): Promise<GrpcServer> => {
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer(
    connectNodeAdapter({
      routes: (router) => registry.addTo(router),
      interceptors: options.interceptors.server,
      grpc: true,
      grpcWeb: false,
      connect: false,
      acceptCompression: [],
      readMaxBytes: MAX_MESSAGE_BYTES,
      ...(options.secret === undefined ? {} : { requestGate: createTokenGate(options.secret) })
    })
  )
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  server.listen({ host: options.host, port: options.port })
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    close: async (signal) => {
      const closed = once(server, 'close')
      server.close()
      for (const session of sessions) session.close()
      const cut = (): void => {
        for (const session of sessions) session.destroy()
      }
      if (signal?.aborted === true) cut()
      else signal?.addEventListener('abort', cut, { once: true })
      await closed
      signal?.removeEventListener('abort', cut)
    }
  }
}
