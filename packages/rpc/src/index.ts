export { createClient } from '@connectrpc/connect'
export { bindRpc, type RpcBinding } from './binding.ts'
export { callFor } from './call-options.ts'
export { createGrpcServer, type GrpcServer, type GrpcServerOptions } from './grpc-server.ts'
export { createGrpcTransport, type GrpcTransport, type GrpcTransportOptions } from './grpc-transport.ts'
export {
  createRpcInterceptors,
  REQUEST_ID_HEADER,
  type RpcInterceptorOptions,
  type RpcInterceptors
} from './interceptors.ts'
export { createLocalTransport } from './local-transport.ts'
export { createRpcRegistry, type RpcRegistry } from './registry.ts'
export { createRoutingTransport, type RoutingTransportOptions } from './routing-transport.ts'
export { createSerializingTransport } from './serializing-transport.ts'
export type { ServiceSecret } from './service-token.ts'
export type { RpcTransportOptions } from './transport-options.ts'
