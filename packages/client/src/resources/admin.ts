import type { CallOptions, Page } from '../models.ts'
import { pages } from '../pages.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'
import { type AccessAdministration, accessAdministration } from './admin-access.ts'
import { type DoctorAdministration, doctorAdministration } from './admin-doctor.ts'
import { type QueueAdministration, queueAdministration } from './admin-queues.ts'

/** For administrators. */
export interface AdminResource extends AccessAdministration, QueueAdministration, DoctorAdministration {
  users(options?: CallOptions): AsyncIterable<AdminUser>
  /** Without a password the answer holds a link by which the user chooses one. */
  createUser(user: NewUser, options?: CallOptions): Promise<CreatedUser>
  updateUser(id: string, change: UserChange, options?: CallOptions): Promise<AdminUser>
  /** A token with which the user sets a new password; to be handed over by other means. */
  resetPassword(id: string, options?: CallOptions): Promise<PasswordLink>
  /** Ends all sessions of the user. */
  logoutUser(id: string, options?: CallOptions): Promise<void>
  /** Signs the user out for good; the name is never given to another account. */
  deleteUser(id: string, options?: CallOptions): Promise<void>
  quotas(options?: CallOptions): AsyncIterable<Quota>
  quota(id: string, options?: CallOptions): Promise<Quota>
  /** Bytes; 0 = unlimited, null = the server's default. */
  setQuota(id: string, limit: number | null, options?: CallOptions): Promise<Quota>
  storageStats(options?: CallOptions): Promise<StorageStats>
  doctor(request: DoctorRequest, options?: CallOptions): Promise<DoctorReport>
  gc(options?: CallOptions): Promise<CollectionReport>
}

export interface AdminUser {
  readonly id: string
  readonly username: string
  readonly email: string | null
  readonly admin: boolean
  readonly disabled: boolean
  readonly hasPassword: boolean
  readonly createdAt: string
  readonly lastSignInAt: string | null
}

export interface CreatedUser {
  readonly user: AdminUser
  readonly link?: PasswordLink
}

export interface Quota {
  readonly userId: string
  /** Bytes of all versions, the trash included. */
  readonly used: number
  readonly limit: number
  /** Whether the limit was set for this user. */
  readonly custom: boolean
}

export interface NewUser {
  readonly username: string
  readonly password?: string
  readonly email?: string
  readonly admin?: boolean
}

export interface UserChange {
  readonly disabled?: boolean
  readonly admin?: boolean
  readonly email?: string | null
}

export interface PasswordLink {
  readonly token: string
  readonly url: string
  readonly expiresAt: string
}

export interface StorageStats {
  readonly vaults: number
  /** Contents that are kept, equal ones counted each time. */
  readonly versions: number
  /** Of these contents. */
  readonly logicalBytes: number
  readonly chunks: number
  /** Distinct content, before compression. */
  readonly plainBytes: number
  readonly storedBytes: number
  /** Stored, of no use any more, deleted after a grace period. */
  readonly condemnedBytes: number
  readonly suspectChunks: number
  readonly packs: number
  readonly packBytes: number
  readonly openUploads: number
  readonly freeBytes: number | null
  /** The last collection by the process that answers. */
  readonly collection: {
    readonly running: boolean
    readonly lastStartedAt: string | null
    readonly lastFinishedAt: string | null
    readonly lastError: string | null
    readonly nextAt: string | null
    readonly deletedPacks: number
    readonly condemnedChunks: number
  }
}

export interface CollectionReport {
  readonly vaults: readonly Readonly<Record<string, string | number>>[]
}

export interface Finding {
  readonly level: number
  readonly code: string
  readonly vaultId: string
  readonly subject: string
  readonly message: string
}

export interface DoctorRequest {
  /** 0 = database, 1 = objects are there, 2 = pack structure, 3 = every chunk decrypts and matches. */
  readonly level: number
  readonly repair?: boolean
}

export interface DoctorReport {
  readonly level: number
  readonly vaults: number
  readonly chunks: number
  readonly packs: number
  readonly bytesRead: number
  readonly repaired: number
  /** Findings in all; not all of them need be listed. */
  readonly total: number
  readonly findings: readonly Finding[]
}

// A full check of a large store takes long; the server keeps the connection.
const LONG_MS = 24 * 3600 * 1000

export function adminResource(transport: Transport): AdminResource {
  return {
    ...accessAdministration(transport),
    ...queueAdministration(transport),
    ...doctorAdministration(transport),
    users: ({ signal } = {}) =>
      pages((cursor) =>
        transport.json<Page<AdminUser>>({ method: 'GET', path: '/v1/auth/admin/users', query: { cursor }, signal })
      ),
    createUser: (json, { signal } = {}) =>
      transport.json({ method: 'POST', path: '/v1/auth/admin/users', json, signal }),
    updateUser: (id, json, { signal } = {}) =>
      transport.json({ method: 'PATCH', path: path`/v1/auth/admin/users/${id}`, json, idempotent: true, signal }),
    resetPassword: (id, { signal } = {}) =>
      transport.json({ method: 'POST', path: path`/v1/auth/admin/users/${id}/password-reset`, signal }),
    logoutUser: (id, { signal } = {}) =>
      transport.none({ method: 'POST', path: path`/v1/auth/admin/users/${id}/logout`, idempotent: true, signal }),
    deleteUser: (id, { signal } = {}) =>
      transport.none({ method: 'DELETE', path: path`/v1/auth/admin/users/${id}`, signal }),
    quota: (id, { signal } = {}) => transport.json({ method: 'GET', path: path`/v1/admin/users/${id}/quota`, signal }),
    setQuota: (id, limit, { signal } = {}) =>
      transport.json({ method: 'PUT', path: path`/v1/admin/users/${id}/quota`, json: { limit }, signal }),
    quotas: ({ signal } = {}) =>
      pages((cursor) =>
        transport.json<Page<Quota>>({ method: 'GET', path: '/v1/admin/quotas', query: { cursor }, signal })
      ),
    storageStats: ({ signal } = {}) => transport.json({ method: 'GET', path: '/v1/admin/storage/stats', signal }),
    doctor: (json, { signal } = {}) =>
      transport.json({
        method: 'POST',
        path: '/v1/admin/storage/doctor',
        json,
        idempotent: true,
        timeoutMs: LONG_MS,
        signal
      }),
    gc: ({ signal } = {}) =>
      transport.json({
        method: 'POST',
        path: '/v1/admin/storage/gc',
        json: {},
        idempotent: true,
        timeoutMs: LONG_MS,
        signal
      })
  }
}
