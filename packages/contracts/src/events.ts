/** What services announce on the bus. Payloads are JSON; fields are only ever added. */
export interface EventPayloads {
  /** A user exists from now on. */
  'auth.user-registered': { userId: string; username: string }
  /** One transaction of changes to a drive. At-least-once, in `headSeq` order per drive. */
  'metadata.drive-changed': { vaultId: string; driveId: string; headSeq: number; actorId: string; deviceId: string }
  /** Versions that will never be fenced again: storage marks their references confirmed. */
  'metadata.versions-committed': { vaultId: string; versionIds: string[] }
  /** Versions nobody can reach any more: storage releases their references. */
  'metadata.versions-purged': { vaultId: string; versionIds: string[] }
}

export type EventType = keyof EventPayloads

/** Non-durable hints over the cache's publish/subscribe; losing one only delays. */
export interface NotificationPayloads {
  'auth.session-revoked': { userId: string; sessionId: string | '*' }
  'auth.app-password-revoked': { userId: string; appPasswordId: string | '*' }
  'metadata.drive-head': { driveId: string; headSeq: number }
}
