import type { Health } from '@cairn/runtime'
import type { ServiceModule } from '@cairn/service'
import type { FastifyPluginAsync } from 'fastify'
import { type GatewayConfig, readGatewayConfig } from './config.ts'
import { createGateway, type Gateway } from './gateway.ts'
import type { Outboxes } from './operations/queues.ts'

export interface GatewayModuleOptions {
  /** Names of the modules whose routes are mounted; they are created before the gateway. */
  readonly dependencies: readonly string[]
  /** Their routes, asked for when the gateway is created. */
  readonly routes: () => Readonly<Record<string, FastifyPluginAsync>>
  /** How far their announcements are behind, by module name. */
  readonly outboxes: () => Outboxes
  readonly health: Health
  readonly version: string
  readonly tracing?: boolean
  /** Told where the gateway listens. */
  readonly onListening?: (address: { readonly host: string; readonly port: number }) => void
}

/** The gateway as a module of the graph: the last to start, the first to stop. */
export const createGatewayModule = (options: GatewayModuleOptions): ServiceModule<GatewayConfig> => ({
  name: 'gateway',
  dependencies: options.dependencies,
  config: readGatewayConfig,
  create: async (host, config) => {
    const gateway: Gateway = await createGateway({
      host,
      config,
      routes: options.routes(),
      outboxes: options.outboxes(),
      health: options.health,
      version: options.version,
      tracing: options.tracing ?? false
    })
    return {
      start: async () => {
        const address = await gateway.start()
        host.logger.info(address, 'listening')
        options.onListening?.(address)
      },
      drain: (signal) => gateway.drain(signal),
      dispose: () => gateway.dispose()
    }
  }
})
