export { bindRpc, type RpcBinding } from '@cairn/rpc'
export type { MasterKey, ServiceHost, ServiceInstance, ServiceModule } from './service-module.ts'
