import type { MetadataService, StorageData } from '@cairn/contracts'
import type { IdentityVerifier } from '@cairn/identity'
import type { Client } from '@connectrpc/connect'
import type { StorageContext } from '../context.ts'
import type { Finding } from '../doctor/finding.ts'
import type { DoctorRuns } from '../doctor/runs.ts'
import type { CollectionLog } from '../gc/collection-log.ts'
import type { Fence } from '../jobs/reconcile.ts'

/** What storage's routes receive. */
export interface RoutesContext {
  readonly context: StorageContext
  readonly storageData: StorageData
  readonly identity: IdentityVerifier
  readonly metadata: () => Client<typeof MetadataService>
  readonly fence: Fence
  readonly doctorRuns: DoctorRuns
  readonly collections: CollectionLog
  readonly checkTree: (vaultId: string) => AsyncIterable<Finding>
}
