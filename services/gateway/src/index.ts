export { type GatewayConfig, readGatewayConfig } from './config.ts'
export { createGateway, type Gateway, type GatewayHost, type GatewayOptions } from './gateway.ts'
export { createGatewayModule, type GatewayModuleOptions } from './module.ts'
