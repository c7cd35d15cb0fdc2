import { createHash, randomBytes } from 'node:crypto'
import type { Bus, BusMessage } from '@cairn/bus'
import { createMemoryCache } from '@cairn/cache/memory'
import { CairnError, MetadataService, StorageService } from '@cairn/contracts'
import { createHttpServer, type Identity, type IdentityVerifier } from '@cairn/http'
import { createClient, createLocalTransport, createRpcInterceptors, createRpcRegistry } from '@cairn/rpc'
import { createMetrics, createSystemRandom } from '@cairn/runtime'
import { bindRpc, type ServiceHost } from '@cairn/service'
import { createManualClock, createTestDatabase, createTestLogger, type ManualClock } from '@cairn/testing'
import type { Client } from '@connectrpc/connect'
import { type MetadataConfig, metadataModule } from '../src/index.ts'
import type { MetadataDatabase } from '../src/store/database.ts'
import { type FakeStorage, fakeStorage } from './_fake-storage.ts'

export interface TestMetadata extends AsyncDisposable {
  readonly rpc: Client<typeof MetadataService>
  readonly database: MetadataDatabase
  readonly clock: ManualClock
  readonly storage: FakeStorage
  /** Everything published so far. */
  readonly published: readonly BusMessage[]
  /** Calls the public API as a user. */
  call(userId: string, request: ApiRequest): Promise<ApiReply>
  uuid(): string
  /** One more process of the service on the same database. */
  addReplica(): Promise<Client<typeof MetadataService>>
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly url: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ApiReply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
  readonly body: any
  readonly text: string
  readonly headers: Headers
}

/** The real module on a real PostgreSQL; storage and bus are fakes. */
export const startMetadata = async (config: Partial<MetadataConfig> = {}): Promise<TestMetadata> => {
  const { logger } = createTestLogger()
  const test = await createTestDatabase({ schema: 'harness', migrations: [], logger, maxConnections: 20 })
  const shared: Shared = {
    config,
    logger,
    open: (schema, migrations) => test.open(schema, migrations),
    clock: createManualClock(Date.UTC(2026, 5, 1)),
    storage: fakeStorage(),
    published: [],
    secret: randomBytes(32)
  }
  const first = await startProcess(shared)
  const replicas: Running[] = []
  return {
    ...first,
    addReplica: async () => {
      const replica = await startProcess(shared)
      replicas.push(replica)
      return replica.rpc
    },
    [Symbol.asyncDispose]: async () => {
      for (const running of [...replicas, first]) await running.stop()
      await test[Symbol.asyncDispose]()
    }
  }
}

interface Shared {
  readonly config: Partial<MetadataConfig>
  readonly logger: ServiceHost['logger']
  readonly open: ServiceHost['database']
  readonly clock: ManualClock
  readonly storage: FakeStorage
  readonly published: BusMessage[]
  readonly secret: Buffer
}

type Running = Omit<TestMetadata, 'addReplica' | typeof Symbol.asyncDispose> & { stop(): Promise<void> }

const startProcess = async (shared: Shared): Promise<Running> => {
  const { logger, clock, storage, published, secret } = shared
  const random = createSystemRandom()
  const metrics = createMetrics()
  const registry = createRpcRegistry()
  registry.bind(bindRpc(StorageService, storage.implementation))
  const transport = createLocalTransport(registry, { interceptors: createRpcInterceptors({ logger, metrics }) })
  let database: MetadataDatabase | undefined
  const host: ServiceHost = {
    logger,
    clock,
    random,
    metrics,
    shutdown: new AbortController().signal,
    database: async (schema, migrations) => {
      const opened = await shared.open<unknown>(schema, migrations)
      database = opened
      return opened as never
    },
    bus: recordingBus(published),
    cache: createMemoryCache({ clock }),
    blobs: {} as ServiceHost['blobs'],
    masterKey: { id: 'test', derive: (purpose) => createHash('sha256').update(secret).update(purpose).digest() },
    identity: testIdentities,
    client: (service) => createClient(service, transport),
    storageData: {} as ServiceHost['storageData'],
    publicOrigin: 'http://cairn.example'
  }
  const service = await metadataModule.create(host, {
    ...metadataModule.config({}),
    announceGather: 0,
    ...shared.config
  })
  for (const binding of service.rpc ?? []) registry.bind(binding)
  const app = createHttpServer({ logger, metrics: createMetrics(), random })
  if (service.routes !== undefined) await app.register(service.routes)
  await service.start?.()
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  if (database === undefined) throw new Error('the service opened no database')
  return {
    rpc: createClient(MetadataService, transport),
    database,
    clock,
    storage,
    published,
    call: (userId, request) => callApi(origin, userId, request),
    uuid: () => random.uuid(),
    stop: async () => {
      app.server.closeAllConnections()
      await app.close()
      await service.drain?.(AbortSignal.timeout(5000))
      await service.dispose?.()
    }
  }
}

const callApi = async (origin: string, userId: string, request: ApiRequest): Promise<ApiReply> => {
  const reply = await fetch(`${origin}${request.url}`, {
    method: request.method ?? 'GET',
    headers: {
      authorization: `Bearer ${userId}`,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) })
  })
  const text = await reply.text()
  const isJson = String(reply.headers.get('content-type') ?? '').includes('json')
  return {
    status: reply.status,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
    text,
    headers: reply.headers
  }
}

const recordingBus = (published: BusMessage[]): Bus => ({
  publish: async (messages) => {
    published.push(...messages)
  },
  subscribe: async () => ({ stop: async () => undefined }),
  deadLetters: { list: async () => [], replay: async () => false, discard: async () => false },
  backlog: async () => [],
  check: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined
})

/** `Bearer <user id>`; `|<scope>` limits it, `|admin` makes an administrator. */
const testIdentities: IdentityVerifier = {
  verify: async ({ headers }): Promise<Identity> => {
    const [userId = '', scope = '*'] = (headers.authorization ?? '').replace('Bearer ', '').split('|')
    if (!/^[0-9a-f-]{36}$/.test(userId)) throw new CairnError('unauthenticated', 'Sign in first')
    const admin = scope === 'admin'
    return {
      userId,
      credentialId: `credential-${userId}`,
      credential: 'session',
      admin,
      scopes: [admin ? '*' : scope]
    }
  }
}
