import type { TestContext } from 'node:test'
import type { Bus } from '@cairn/bus'
import type { Cache } from '@cairn/cache'
import { CairnError } from '@cairn/contracts'
import {
  createHealth,
  createLogger,
  createMetrics,
  createSystemClock,
  createSystemRandom,
  type Health
} from '@cairn/runtime'
import type { FastifyPluginAsync } from 'fastify'
import { createGateway, type Gateway, type GatewayConfig, type GatewayHost, readGatewayConfig } from '../src/index.ts'

export interface TestGateway {
  readonly gateway: Gateway
  readonly origin: string
  readonly port: number
  readonly health: Health
}

export interface TestGatewayOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly config?: Partial<GatewayConfig>
  readonly routes?: Readonly<Record<string, FastifyPluginAsync>>
  readonly host?: Partial<GatewayHost>
}

/** Counters only. */
export const createCounters = (overrides: Partial<Cache> = {}): Cache => {
  const counters = new Map<string, number>()
  const unused = () => Promise.reject(new Error('not used by the gateway'))
  return {
    get: unused,
    set: unused,
    delete: unused,
    publish: unused,
    subscribe: unused,
    increment: async (key, by, windowMs) => {
      const value = (counters.get(key) ?? 0) + by
      counters.set(key, value)
      return { value, resetMs: windowMs }
    },
    check: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...overrides
  }
}

/** Fails whoever asks: most tests need neither messages nor callers. */
export const unusedBus: Bus = {
  publish: () => Promise.reject(new Error('not used here')),
  subscribe: () => Promise.reject(new Error('not used here')),
  deadLetters: {
    list: () => Promise.reject(new Error('not used here')),
    replay: () => Promise.reject(new Error('not used here')),
    discard: () => Promise.reject(new Error('not used here'))
  },
  backlog: () => Promise.reject(new Error('not used here')),
  check: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve()
}

/** A gateway on loopback that is gone when the test ends. */
export const startGateway = async (t: TestContext, options: TestGatewayOptions = {}): Promise<TestGateway> => {
  const clock = createSystemClock()
  const health = createHealth({ clock, maxAgeMs: 0 })
  const config = readGatewayConfig({ CAIRN_HOST: '127.0.0.1', CAIRN_PORT: '0', ...options.env })
  const gateway = await createGateway({
    host: {
      logger: createLogger({ level: 'silent' }),
      clock,
      random: createSystemRandom(clock),
      metrics: createMetrics(),
      cache: createCounters(),
      bus: unusedBus,
      identity: { verify: () => Promise.reject(new CairnError('unauthenticated', 'Nobody is known here')) },
      publicOrigin: 'http://localhost:8080',
      ...options.host
    },
    config: { ...config, ...options.config },
    routes: options.routes ?? {},
    health,
    version: '1.2.3'
  })
  const { port } = await gateway.start()
  t.after(() => gateway.dispose())
  return { gateway, health, port, origin: `http://127.0.0.1:${port}` }
}
