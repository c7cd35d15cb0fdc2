import type { TestContext } from 'node:test'
import { createLogger, createMetrics, createSystemClock } from '@cairn/runtime'
import type { Transport } from '@connectrpc/connect'
import {
  createGrpcServer,
  createGrpcTransport,
  createLocalTransport,
  createRpcInterceptors,
  createSerializingTransport,
  type RpcRegistry
} from '../src/index.ts'

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly err?: { readonly message: string }
}

export interface Connected {
  readonly transport: Transport
  readonly log: readonly LogLine[]
}

/** Connects a caller to everything bound in the registry; cleans up after the test. */
export type Connect = (t: TestContext, registry: RpcRegistry) => Promise<Connected>

const recordingInterceptors = () => {
  const log: LogLine[] = []
  const logger = createLogger({
    level: 'debug',
    destination: { write: (line) => void log.push(JSON.parse(line) as LogLine) }
  })
  return { log, interceptors: createRpcInterceptors({ logger, metrics: createMetrics() }) }
}

export const TRANSPORTS: Readonly<Record<string, Connect>> = {
  local: async (_t, registry) => {
    const { log, interceptors } = recordingInterceptors()
    return { log, transport: createLocalTransport(registry, { interceptors }) }
  },
  serializing: async (_t, registry) => {
    const { log, interceptors } = recordingInterceptors()
    return { log, transport: createSerializingTransport(registry, { interceptors }) }
  },
  grpc: async (t, registry) => {
    const { log, interceptors } = recordingInterceptors()
    const secret = { key: Buffer.alloc(32, 7), clock: createSystemClock() }
    const server = await createGrpcServer(registry, { interceptors, host: '127.0.0.1', port: 0, secret })
    const { transport, close } = createGrpcTransport({ interceptors, url: `http://127.0.0.1:${server.port}`, secret })
    t.after(async () => {
      close()
      await server.close(AbortSignal.timeout(1000))
    })
    return { log, transport }
  }
}
