import type { DescMethod } from '@bufbuild/protobuf'
import type { Transport } from '@connectrpc/connect'
import type { RpcRegistry } from './registry.ts'

export interface RoutingTransportOptions {
  readonly registry: RpcRegistry
  /** For contracts bound in this process. */
  readonly local: Transport
  /** For the others, by contract type name (e.g. "cairn.auth.v1.AuthService"). */
  readonly remote: (typeName: string) => Transport | undefined
}

/**
 * Calls what is bound here locally and everything else remotely; decided per call, so clients may be made
 * before the services they call. A contract nobody offers fails as the local transport says.
 */
export const createRoutingTransport = (options: RoutingTransportOptions): Transport => {
  const route = (method: DescMethod): Transport =>
    options.registry.has(method.parent) ? options.local : (options.remote(method.parent.typeName) ?? options.local)
  return {
    unary: (method, ...rest) => route(method).unary(method, ...rest),
    stream: (method, ...rest) => route(method).stream(method, ...rest)
  }
}
