import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { create, type DescService, type MessageInitShape } from '@bufbuild/protobuf'
import { createFilesystemBlobStore } from '@cairn/blob-store/filesystem'
import type { Bus } from '@cairn/bus'
import { createMemoryCache } from '@cairn/cache/memory'
import { CairnError, MetadataService, metadataV1, type StorageData } from '@cairn/contracts'
import { createHttpServer, type Identity, type IdentityVerifier } from '@cairn/http'
import { createClient, createLocalTransport, createRpcInterceptors, createRpcRegistry } from '@cairn/rpc'
import { createMetrics, createSystemClock, createSystemRandom } from '@cairn/runtime'
import type { ServiceHost, ServiceInstance } from '@cairn/service'
import { metadataModule } from '@cairn/service-metadata'
import { storageModule } from '@cairn/service-storage'
import { createTemporaryFolder, createTestDatabase, createTestLogger, type LogRecord } from '@cairn/testing'
import type { Client } from '@connectrpc/connect'
import type { UploadConfig } from '../src/config.ts'
import type { UploadContext } from '../src/context.ts'
import { expireSessions } from '../src/jobs/expire.ts'
import { createUploadContext, runUploadService } from '../src/service.ts'

/** Called instead of the RPC; `proceed` makes the real call. */
export type Fault = (proceed: () => Promise<unknown>) => Promise<unknown>

export interface Cluster extends AsyncDisposable {
  readonly metadata: Client<typeof MetadataService>
  /** What the upload service asked metadata to commit. */
  readonly commits: metadataV1.CommitRequest[]
  /** Method name of an RPC → what happens to the upload service's calls of it. */
  readonly faults: Map<string, Fault>
  readonly logs: readonly LogRecord[]
  readonly host: ServiceHost
  /** One more process of the upload service; they share databases, nothing in memory. */
  addReplica(): Promise<Replica>
  uuid(): string
}

export interface Replica {
  readonly url: string
  readonly context: UploadContext
  expire(): Promise<number>
  stop(): Promise<void>
}

export interface ClusterOptions {
  readonly upload?: Partial<UploadConfig>
  readonly metadata?: Partial<Parameters<typeof metadataModule.create>[1]>
}

type CommitInit = MessageInitShape<typeof metadataV1.CommitRequestSchema>

const CONFIG: UploadConfig = { maxBytes: 64 * 1024 ** 3, leaseSeconds: 7 * 24 * 3600, maxOpenSessions: 1000 }

/** Real PostgreSQL, real storage service on a real disk, real HTTP. */
export const createCluster = async (options: ClusterOptions = {}): Promise<Cluster> => {
  const folder = await createTemporaryFolder()
  const { logger, records } = createTestLogger()
  const test = await createTestDatabase({ schema: 'upload_test', migrations: [], logger, maxConnections: 20 })
  const clock = createSystemClock()
  const random = createSystemRandom()
  const metrics = createMetrics()
  const blobs = await createFilesystemBlobStore({ root: folder.path })
  const registry = createRpcRegistry()
  const transport = createLocalTransport(registry, { interceptors: createRpcInterceptors({ logger, metrics }) })
  const faults = new Map<string, Fault>()
  const secret = randomBytes(32)
  const commits: metadataV1.CommitRequest[] = []

  let storage: ServiceInstance | undefined
  const host: ServiceHost = {
    logger,
    clock,
    random,
    metrics,
    shutdown: new AbortController().signal,
    database: (schema, migrations) => test.open(schema, migrations),
    bus: silentBus,
    cache: createMemoryCache({ clock }),
    blobs,
    masterKey: { id: 'test', derive: () => new Uint8Array(secret) },
    identity: testIdentities,
    client: (service) => createClient(service, transport),
    storageData: delegate(() => storage?.storageData),
    publicOrigin: 'http://cairn.example'
  }
  storage = await storageModule.create(host, storageModule.config({}))
  const metadata = await metadataModule.create(host, { ...metadataModule.config({}), ...options.metadata })
  for (const binding of [...(storage.rpc ?? []), ...(metadata.rpc ?? [])]) registry.bind(binding)

  const replicas: Replica[] = []
  return {
    metadata: createClient(MetadataService, transport),
    commits,
    faults,
    logs: records,
    host,
    uuid: () => random.uuid(),
    addReplica: async () => {
      const cache = replicas.length === 0 ? host.cache : createMemoryCache({ clock })
      const client = <S extends DescService>(service: S) => withFaults(host.client(service), { faults, commits })
      const replica = await startReplica({ ...host, cache, client }, { ...CONFIG, ...options.upload })
      replicas.push(replica)
      return replica
    },
    [Symbol.asyncDispose]: async () => {
      for (const replica of replicas) await replica.stop()
      await metadata.drain?.(AbortSignal.abort())
      await metadata.dispose?.()
      await storage.drain?.(AbortSignal.abort())
      await storage.dispose?.()
      await blobs[Symbol.asyncDispose]()
      await test[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    }
  }
}

/** Stands in for what another module brings later. */
const delegate = (find: () => StorageData | undefined): StorageData =>
  new Proxy({} as StorageData, { get: (_target, name) => Reflect.get(find() ?? {}, name) })

const startReplica = async (host: ServiceHost, config: UploadConfig): Promise<Replica> => {
  const stopping = new AbortController()
  const context = await createUploadContext(host, config, stopping.signal)
  const instance = runUploadService(context, stopping)
  const app = createHttpServer({ logger: host.logger, metrics: createMetrics(), random: host.random })
  if (instance.routes) await app.register(instance.routes)
  await instance.start?.()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  let stopped: Promise<void> | undefined
  const stop = async () => {
    await instance.drain?.(AbortSignal.abort())
    app.server.closeAllConnections()
    await app.close()
    await instance.dispose?.()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    context,
    expire: () => expireSessions(context, stopping.signal),
    stop: () => {
      stopped ??= stop()
      return stopped
    }
  }
}

interface Observed {
  readonly faults: ReadonlyMap<string, Fault>
  readonly commits: metadataV1.CommitRequest[]
}

const withFaults = <S extends DescService>(client: Client<S>, { faults, commits }: Observed): Client<S> =>
  new Proxy(client, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...input: unknown[]) => {
        const proceed = async (): Promise<unknown> => await Reflect.apply(method, target, input)
        const fault = faults.get(String(name))
        if (name === 'commit') commits.push(create(metadataV1.CommitRequestSchema, input[0] as CommitInit))
        return await (fault === undefined ? proceed() : fault(proceed))
      }
    }
  })

const silentBus: Bus = {
  publish: async () => undefined,
  subscribe: async () => ({ stop: async () => undefined }),
  deadLetters: { list: async () => [], replay: async () => false, discard: async () => false },
  backlog: async () => [],
  check: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined
}

const UUID = /^[0-9a-f-]{36}$/

/** `Bearer <user id>` or `Basic <user id>:<anything>`; `Bearer <user id>|<scope>` for a limited one. */
const testIdentities: IdentityVerifier = {
  verify: async ({ headers }): Promise<Identity> => {
    const [scheme, value = ''] = (headers.authorization ?? '').split(' ')
    const text = scheme === 'Basic' ? (Buffer.from(value, 'base64').toString().split(':')[0] ?? '') : value
    const [userId = '', scope = '*'] = text.split('|')
    if (!UUID.test(userId)) throw new CairnError('unauthenticated', 'Sign in first.')
    return { userId, credentialId: `device-${userId}`, credential: 'app-password', admin: false, scopes: [scope] }
  }
}
