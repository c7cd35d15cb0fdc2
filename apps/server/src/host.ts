import type { StorageData } from '@cairn/contracts'
import type { IdentityVerifier } from '@cairn/identity'
import { createClient } from '@cairn/rpc'
import type { Logger, Metrics } from '@cairn/runtime'
import type { MasterKey, ServiceHost } from '@cairn/service'
import type { Ambient, Drivers } from './drivers.ts'
import type { Rpc } from './rpc.ts'

export interface HostParts {
  readonly ambient: Ambient
  readonly metrics: Metrics
  readonly drivers: Drivers
  readonly rpc: Rpc
  readonly masterKey: MasterKey
  readonly identity: IdentityVerifier
  readonly storageData: StorageData
  readonly shutdown: AbortSignal
  readonly publicOrigin: string
}

/** What one module receives; its log lines carry its name. */
export const createHost = (parts: HostParts, logger: Logger): ServiceHost => ({
  ...parts.ambient,
  logger,
  metrics: parts.metrics,
  shutdown: parts.shutdown,
  database: (schema, migrations) => parts.drivers.pools.open(schema, migrations),
  bus: parts.drivers.bus,
  cache: parts.drivers.cache,
  blobs: parts.drivers.blobs,
  masterKey: parts.masterKey,
  identity: parts.identity,
  client: (service) => createClient(service, parts.rpc.transport),
  storageData: parts.storageData,
  publicOrigin: parts.publicOrigin
})
