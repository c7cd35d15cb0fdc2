import {
  createLocalTransport,
  createRpcInterceptors,
  createRpcRegistry,
  createSerializingTransport,
  type RpcRegistry
} from '@cairn/rpc'
import type { Logger, Metrics } from '@cairn/runtime'
import type { Transport } from '@connectrpc/connect'

export interface Rpc {
  readonly registry: RpcRegistry
  readonly transport: Transport
}

/** All modules are in this process: calls are local, or encoded as between processes when asked for. */
export const createRpc = (options: { logger: Logger; metrics: Metrics; serialize: boolean }): Rpc => {
  const registry = createRpcRegistry()
  const transportOptions = { interceptors: createRpcInterceptors(options) }
  const transport = options.serialize
    ? createSerializingTransport(registry, transportOptions)
    : createLocalTransport(registry, transportOptions)
  return { registry, transport }
}
