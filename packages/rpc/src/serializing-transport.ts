import { type ConnectRouter, createRouterTransport, type Transport } from '@connectrpc/connect'
import { withCallerErrors } from './caller-errors.ts'
import type { RpcRegistry } from './registry.ts'
import { DEFAULT_TIMEOUT_MS, type RpcTransportOptions } from './transport-options.ts'

/**
 * In-process calls that go through the binary encoding and the whole protocol, so that tests find what
 * only works while objects are passed by reference.
 */
export const createSerializingTransport = (registry: RpcRegistry, options: RpcTransportOptions): Transport => {
  let built: { readonly size: number; readonly transport: Transport } | undefined
  const transport = (): Transport => {
    // A router is fixed once it is made; contracts are bound until the last module is created.
    if (built?.size !== registry.size) {
      built = {
        size: registry.size,
        transport: createRouterTransport((router: ConnectRouter) => registry.addTo(router), {
          transport: {
            interceptors: options.interceptors.client,
            defaultTimeoutMs: options.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS
          },
          router: { interceptors: options.interceptors.server }
        })
      }
    }
    return built.transport
  }
  return withCallerErrors({
    unary: (...call) => transport().unary(...call),
    stream: (...call) => transport().stream(...call)
  })
}
