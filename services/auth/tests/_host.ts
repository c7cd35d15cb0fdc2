import { hkdfSync, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { BlobStore } from '@cairn/blob-store'
import type { Bus, BusMessage } from '@cairn/bus'
import type { Cache } from '@cairn/cache'
import { createMemoryCache } from '@cairn/cache/memory'
import { AuthService, type StorageData } from '@cairn/contracts'
import { openDatabasePools } from '@cairn/database'
import { createHttpServer, type HttpApp } from '@cairn/http'
import { createIdentityVerifier, type IdentityVerifier } from '@cairn/identity'
import { createClient, createLocalTransport, createRpcInterceptors, createRpcRegistry } from '@cairn/rpc'
import { type Clock, createMetrics, createSystemRandom } from '@cairn/runtime'
import type { ServiceHost } from '@cairn/service'
import { createEmptyDatabase, createTestLogger, type LogRecord } from '@cairn/testing'
import type { RouteOptions } from 'fastify'
import { type AuthConfig, type AuthInstance, authModule } from '../src/index.ts'

export const ORIGIN = 'https://files.example.org'

/** Runs at real speed and can be put forward. */
export interface TestClock extends Clock {
  travel(ms: number): void
}

const createTestClock = (): TestClock => {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, signal === undefined ? {} : { signal })
    },
    travel: (ms) => {
      offset += ms
    }
  }
}

/** What replicas share. */
export interface Backing extends AsyncDisposable {
  readonly url: string
  readonly clock: TestClock
  readonly cache: Cache
  readonly published: BusMessage[]
  readonly masterKey: Uint8Array
}

export const createBacking = async (): Promise<Backing> => {
  const empty = await createEmptyDatabase()
  const clock = createTestClock()
  return {
    url: empty.url,
    clock,
    cache: createMemoryCache({ clock }),
    published: [],
    masterKey: randomBytes(32),
    [Symbol.asyncDispose]: () => empty[Symbol.asyncDispose]()
  }
}

export interface Replica extends AsyncDisposable {
  readonly app: HttpApp
  readonly auth: AuthInstance
  readonly client: ReturnType<typeof createClient<typeof AuthService>>
  readonly logs: readonly LogRecord[]
  readonly operations: readonly RouteOptions[]
}

export interface ReplicaOptions {
  readonly config?: Partial<AuthConfig>
  readonly publicOrigin?: string
  readonly cache?: Cache
  readonly bus?: Bus
  readonly trustedProxies?: readonly string[]
}

export const FAST: AuthConfig = {
  signup: 'open',
  setupToken: undefined,
  passwordMemoryKiB: 64,
  passwordPasses: 1,
  passwordConcurrency: 2,
  signingKeyLife: 90 * 86_400_000
}

/** One process of the service, with its routes in a real HTTP server and identity verified as elsewhere. */
export const startReplica = async (backing: Backing, options: ReplicaOptions = {}): Promise<Replica> => {
  const { clock } = backing
  const cache = options.cache ?? backing.cache
  const { logger, records } = createTestLogger()
  const random = createSystemRandom(clock)
  const metrics = createMetrics()
  const publicOrigin = options.publicOrigin ?? ORIGIN
  const pools = openDatabasePools({ url: backing.url, clock, random, logger, maxConnections: 10 })
  const registry = createRpcRegistry()
  const transport = createLocalTransport(registry, { interceptors: createRpcInterceptors({ logger, metrics }) })
  const client = createClient(AuthService, transport)
  const verifier = await createIdentityVerifier({ auth: client, cache, clock, logger, publicOrigin })
  const shutdown = new AbortController()

  const host: ServiceHost = {
    logger,
    clock,
    random,
    metrics,
    shutdown: shutdown.signal,
    database: (schema, migrations) => pools.open(schema, migrations),
    bus: options.bus ?? recordingBus(backing.published),
    cache,
    blobs: absent<BlobStore>('blobs'),
    masterKey: {
      id: 'test',
      derive: (purpose) => new Uint8Array(hkdfSync('sha256', backing.masterKey, '', purpose, 32))
    },
    identity: verifier as IdentityVerifier,
    client: (service) => createClient(service, transport),
    storageData: absent<StorageData>('storageData'),
    publicOrigin
  }
  const auth = await authModule.create(host, { ...FAST, ...options.config })
  for (const binding of auth.rpc ?? []) registry.bind(binding)
  const app = createHttpServer({
    logger,
    metrics,
    random,
    // Injected requests have no socket that could be closed after it.
    limits: { lingerTimeout: 86_400_000 },
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies })
  })
  const operations: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    operations.push(route)
  })
  if (auth.routes !== undefined) await app.register(auth.routes)
  await app.ready()
  await auth.start?.()

  return {
    app,
    auth,
    client,
    logs: records,
    operations,
    [Symbol.asyncDispose]: async () => {
      shutdown.abort()
      await app.close()
      await auth.drain?.(AbortSignal.timeout(5000))
      await auth.dispose?.()
      await verifier[Symbol.asyncDispose]()
      await pools[Symbol.asyncDispose]()
    }
  }
}

const recordingBus = (published: BusMessage[]): Bus => ({
  publish: async (messages) => {
    published.push(...messages)
  },
  subscribe: () => Promise.reject(new Error('auth consumes nothing')),
  deadLetters: absent('deadLetters'),
  backlog: () => Promise.reject(new Error('auth does not look at queues')),
  check: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined
})

const absent = <T extends object>(name: string): T =>
  new Proxy({} as T, {
    get: (_target, property) => {
      throw new Error(`auth has no business with ${name}.${String(property)}`)
    }
  })
