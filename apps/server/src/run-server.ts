import { mkdir } from 'node:fs/promises'
import type { StorageData } from '@cairn/contracts'
import { AuthService } from '@cairn/contracts'
import { createIdentityVerifier, type IdentityVerifier } from '@cairn/identity'
import { createClient } from '@cairn/rpc'
import {
  childLogger,
  createHealth,
  createLogger,
  createMetrics,
  createSystemClock,
  createSystemRandom,
  createTracing,
  type Env,
  type Logger,
  startModules
} from '@cairn/runtime'
import type { ServiceInstance } from '@cairn/service'
import type { AuthInstance } from '@cairn/service-auth'
import { createGatewayModule } from '@cairn/service-gateway'
import { readServerConfig, type ServerConfig } from './config.ts'
import { openDrivers } from './drivers.ts'
import { createHost } from './host.ts'
import { createLate } from './late.ts'
import { loadMasterKey } from './master-key.ts'
import { prepareModule, servicesOf } from './modules.ts'
import { createRpc } from './rpc.ts'

export interface RunningServer extends AsyncDisposable {
  readonly port: number
  readonly publicOrigin: string
  readonly dataFolder: string
  /** Set until the first administrator exists. */
  readonly setupToken: string | undefined
}

export interface ServerOptions {
  readonly env: Env
  readonly cwd: string
  readonly version: string
}

/** Everything in one process, serving when resolved. Throws ConfigError before anything is touched. */
export const runServer = async (options: ServerOptions): Promise<RunningServer> => {
  const config = readServerConfig(options.env, options.cwd)
  const logger = createLogger({ level: config.logLevel, name: 'cairn' })
  const services = servicesOf(options.env)
  await using starting = new AsyncDisposableStack()
  await mkdir(config.dataFolder, { recursive: true, mode: 0o711 })
  const tracing = await createTracing({
    endpoint: config.otlpEndpoint,
    serviceName: 'cairn',
    serviceVersion: options.version,
    logger
  })
  starting.defer(() => tracing.shutdown())
  for (const line of config.summary) logger.info({ setting: line }, 'configuration')

  const started = await startEverything({ options, config, logger, services, starting, tracing: tracing.enabled })
  const running = starting.move()
  return {
    ...started,
    publicOrigin: config.publicOrigin,
    dataFolder: config.dataFolder,
    [Symbol.asyncDispose]: () => running.disposeAsync()
  }
}

interface Starting {
  readonly options: ServerOptions
  readonly config: ServerConfig
  readonly logger: Logger
  readonly services: ReturnType<typeof servicesOf>
  readonly starting: AsyncDisposableStack
  readonly tracing: boolean
}

const startEverything = async ({ options, config, logger, services, starting, tracing }: Starting) => {
  const clock = createSystemClock()
  const random = createSystemRandom()
  const metrics = createMetrics()
  const health = createHealth({ clock })
  const ambient = { logger, clock, random }
  const masterKey = await loadMasterKey(config.dataFolder, config.masterKey, random)
  const drivers = starting.use(await openDrivers(config, ambient, metrics))
  const rpc = createRpc({ logger, metrics, serialize: config.serializeRpc })
  const identity = createLate<IdentityVerifier>('identity')
  const storageData = createLate<StorageData>('storage')
  const shutdown = new AbortController()
  const { publicOrigin } = config
  const parts = { ambient, metrics, drivers, rpc, masterKey, publicOrigin, shutdown: shutdown.signal }
  const hostParts = { ...parts, identity: identity.value, storageData: storageData.value }

  const created = new Map<string, ServiceInstance>()
  let port = 0
  const gateway = prepareModule(
    createGatewayModule({
      dependencies: services.map((service) => service.name),
      routes: () => routesOf(created),
      outboxes: () => outboxesOf(created),
      health,
      version: options.version,
      tracing,
      onListening: (address) => {
        port = address.port
      }
    }),
    options.env
  )
  identity.set(
    await createIdentityVerifier({
      auth: createClient(AuthService, rpc.transport),
      cache: drivers.cache,
      clock,
      logger,
      publicOrigin
    })
  )
  const modules = await startModules(
    [...services, gateway],
    async (module) => {
      const instance = await module.create(createHost(hostParts, childLogger(logger, module.name)))
      for (const binding of instance.rpc ?? []) rpc.registry.bind(binding)
      if (instance.storageData) storageData.set(instance.storageData)
      for (const [name, check] of Object.entries(instance.health ?? {})) health.register({ name, check })
      for (const [name, check] of Object.entries(instance.conveniences ?? {})) {
        health.register({ name, check, essential: false })
      }
      created.set(module.name, instance)
      return instance
    },
    { logger }
  )
  starting.defer(async () => {
    shutdown.abort(new Error('the server is stopping'))
    await modules.stop()
  })
  return { port, setupToken: (created.get('auth') as AuthInstance | undefined)?.setup.token }
}

const outboxesOf = (created: ReadonlyMap<string, ServiceInstance>) =>
  Object.fromEntries(
    [...created].flatMap(([name, instance]) => (instance.outbox ? [[name, () => instance.outbox?.()] as const] : []))
  )

const routesOf = (created: ReadonlyMap<string, ServiceInstance>) =>
  Object.fromEntries(
    [...created].flatMap(([name, instance]) => (instance.routes ? [[name, instance.routes] as const] : []))
  )
