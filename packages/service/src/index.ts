export {
  bindRpc,
  type MasterKey,
  type RpcBinding,
  type ServiceHost,
  type ServiceInstance,
  type ServiceModule
} from './service-module.ts'
