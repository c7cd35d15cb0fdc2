import type { CallOptions, Page } from '../models.ts'
import { pages } from '../pages.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

/** For administrators. */
export interface AdminResource {
  users(options?: CallOptions): AsyncIterable<AdminUser>
  createUser(user: NewUser, options?: CallOptions): Promise<AdminUser>
  updateUser(id: string, change: UserChange, options?: CallOptions): Promise<AdminUser>
  /** Sets a password and ends the user's sessions. */
  resetPassword(id: string, password: string, options?: CallOptions): Promise<void>
  /** Bytes, 0 = unlimited. */
  setQuota(id: string, limit: number, options?: CallOptions): Promise<void>
  storageStats(options?: CallOptions): Promise<Readonly<Record<string, unknown>>>
  doctor(request: DoctorRequest, options?: CallOptions): Promise<DoctorReport>
  gc(options?: CallOptions): Promise<Readonly<Record<string, unknown>>>
}

export interface AdminUser {
  readonly id: string
  readonly username: string
  readonly email: string | null
  readonly admin: boolean
  readonly disabled: boolean
  readonly createdAt: string
}

export interface NewUser {
  readonly username: string
  readonly password: string
  readonly email?: string
  readonly admin?: boolean
}

export interface UserChange {
  readonly disabled?: boolean
  readonly admin?: boolean
}

export interface DoctorRequest {
  /** 0 = database, 1 = objects are there, 2 = pack structure, 3 = every chunk decrypts and matches. */
  readonly level: number
  readonly repair?: boolean
}

export interface DoctorReport {
  readonly findings: readonly { readonly code: string; readonly message: string; readonly subject?: string }[]
  readonly [figure: string]: unknown
}

// A full check of a large store takes long; the server keeps the connection.
const LONG_MS = 24 * 3600 * 1000

export function adminResource(transport: Transport): AdminResource {
  return {
    users: ({ signal } = {}) =>
      pages((cursor) =>
        transport.json<Page<AdminUser>>({ method: 'GET', path: '/v1/admin/users', query: { cursor }, signal })
      ),
    createUser: (json, { signal } = {}) => transport.json({ method: 'POST', path: '/v1/admin/users', json, signal }),
    updateUser: (id, json, { signal } = {}) =>
      transport.json({ method: 'PATCH', path: path`/v1/admin/users/${id}`, json, idempotent: true, signal }),
    resetPassword: (id, password, { signal } = {}) =>
      transport.none({ method: 'POST', path: path`/v1/admin/users/${id}/password`, json: { password }, signal }),
    setQuota: (id, limit, { signal } = {}) =>
      transport.none({ method: 'PUT', path: path`/v1/admin/users/${id}/quota`, json: { limit }, signal }),
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
