import type { CallOptions, Page } from '../models.ts'
import { pages } from '../pages.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export type SignupPolicy = 'open' | 'closed' | 'invite'

/** Who may come in, and what happened. */
export interface AccessAdministration {
  policy(options?: CallOptions): Promise<AccessPolicy>
  setPolicy(signup: SignupPolicy, options?: CallOptions): Promise<void>
  invites(options?: CallOptions): AsyncIterable<Invite>
  invite(request?: NewInvite, options?: CallOptions): Promise<IssuedInvite>
  withdrawInvite(id: string, options?: CallOptions): Promise<void>
  /** Mail that cannot be sent: links to be handed over by other means. */
  messages(options?: CallOptions): AsyncIterable<UndeliveredMessage>
  /** Newest first; one page, since there may be years of it. */
  audit(query?: AuditQuery, options?: CallOptions): Promise<Page<AuditEvent>>
}

export interface AccessPolicy {
  readonly signup: SignupPolicy
  readonly minimumPasswordLength: number
}

export interface NewInvite {
  readonly note?: string
  /** ISO 8601; in a week when absent. */
  readonly expiresAt?: string
}

export interface Invite {
  readonly id: string
  readonly note: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly usedAt: string | null
  readonly usedBy: string | null
}

export interface IssuedInvite {
  readonly invite: Invite
  /** Shown this once. */
  readonly token: string
  readonly url: string
}

export interface UndeliveredMessage {
  readonly id: string
  readonly userId: string
  readonly kind: string
  readonly to: string | null
  readonly url: string
  readonly createdAt: string
  readonly expiresAt: string
}

export interface AuditQuery {
  /** Of one user; of all when absent. */
  readonly user?: string
  readonly cursor?: string
  readonly limit?: number
}

export interface AuditEvent {
  readonly id: string
  readonly sequence: number
  readonly at: string
  readonly type: string
  readonly subjectId: string | null
  readonly actorId: string | null
  readonly result: string
  readonly reason: string
  readonly ip: string
  readonly userAgent: string
  readonly sessionHash: string
  readonly requestId: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}

export const accessAdministration = (transport: Transport): AccessAdministration => {
  const all = <T>(at: string, signal: AbortSignal | undefined): AsyncIterable<T> =>
    pages((cursor) => transport.json<Page<T>>({ method: 'GET', path: at, query: { cursor }, signal }))
  return {
    policy: ({ signal } = {}) => transport.json({ method: 'GET', path: '/v1/auth/policy', signal }),
    setPolicy: (signup, { signal } = {}) =>
      transport.none({ method: 'PUT', path: '/v1/auth/admin/policy', json: { signup }, signal }),
    invites: ({ signal } = {}) => all('/v1/auth/admin/invites', signal),
    invite: (request = {}, { signal } = {}) =>
      transport.json({ method: 'POST', path: '/v1/auth/admin/invites', json: request, signal }),
    withdrawInvite: (id, { signal } = {}) =>
      transport.none({ method: 'DELETE', path: path`/v1/auth/admin/invites/${id}`, signal }),
    messages: ({ signal } = {}) => all('/v1/auth/admin/messages', signal),
    audit: ({ user, cursor, limit } = {}, { signal } = {}) =>
      transport.json({ method: 'GET', path: '/v1/auth/admin/audit', query: { user, cursor, limit }, signal })
  }
}
