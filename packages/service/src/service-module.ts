import type { DescService } from '@bufbuild/protobuf'
import type { BlobStore } from '@cairn/blob-store'
import type { Bus } from '@cairn/bus'
import type { Cache } from '@cairn/cache'
import type { StorageData } from '@cairn/contracts'
import type { Database, Migration, OutboxLag } from '@cairn/database'
import type { IdentityVerifier } from '@cairn/identity'
import type { RpcBinding } from '@cairn/rpc'
import type { Clock, Logger, Metrics, Random } from '@cairn/runtime'
import type { Client } from '@connectrpc/connect'
import type { FastifyPluginAsync } from 'fastify'

/** A service as the module graph sees it. */
export interface ServiceModule<Config = unknown> {
  readonly name: string
  /** Modules whose RPCs this one calls. */
  readonly dependencies: readonly string[]
  /** Pure: environment → typed config. Throws ConfigError listing every bad value at once. */
  readonly config: (env: Readonly<Record<string, string | undefined>>) => Config
  readonly create: (host: ServiceHost, config: Config) => Promise<ServiceInstance>
}

/** Everything a service receives from the process it runs in. Nothing else is reachable. */
export interface ServiceHost {
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly metrics: Metrics
  /** Aborts when the process begins to stop. */
  readonly shutdown: AbortSignal
  /** Runs the service's migrations, then returns its schema. */
  database<Tables>(schema: string, migrations: readonly Migration[]): Promise<Database<Tables>>
  readonly bus: Bus
  readonly cache: Cache
  readonly blobs: BlobStore
  /** Secrets derived from or wrapped by the process's master key; see SECURITY.md. */
  readonly masterKey: MasterKey
  readonly identity: IdentityVerifier
  /** A client for a contract; local or remote, the caller cannot tell. Usable from start() on. */
  client<S extends DescService>(service: S): Client<S>
  readonly storageData: StorageData
  /** Origin users reach us at, e.g. "http://localhost:8080"; never taken from request headers. */
  readonly publicOrigin: string
}

export interface MasterKey {
  readonly id: string
  /** HKDF-SHA256 of the master key for one purpose, 32 bytes. */
  derive(purpose: string): Uint8Array
}

export interface ServiceInstance {
  readonly rpc?: readonly RpcBinding[]
  /** Public HTTP routes, mounted by the gateway. Each route declares its own authentication. */
  readonly routes?: FastifyPluginAsync
  /** Set by the storage module only. */
  readonly storageData?: StorageData
  start?(): Promise<void>
  /** How far its announcements are behind, if it makes any; for operators. */
  outbox?(): Promise<OutboxLag>
  /** Finish what is under way; take nothing new. */
  drain?(signal: AbortSignal): Promise<void>
  dispose?(): Promise<void>
  /** Dependency states for /readyz; a rejection means "not ready". */
  readonly health?: Readonly<Record<string, (signal: AbortSignal) => Promise<void>>>
  /** As `health`, for what one can do without: a rejection means "degraded". */
  readonly conveniences?: Readonly<Record<string, (signal: AbortSignal) => Promise<void>>>
}
