import type { Writing } from './handles.ts'

export interface Expiry {
  readonly now: Date
  /** Ended and expired rows older than this go. */
  readonly before: Date
}

/** What nobody can use or ask for any more. Audit and accounts stay. All shards. */
export const deleteExpired = async (tx: Writing, { now, before }: Expiry): Promise<number> => {
  const deletions = [
    tx
      .deleteFrom('auth.session')
      .where((eb) =>
        eb.or([eb('ended_at', '<', before), eb('idle_expires_at', '<', before), eb('expires_at', '<', before)])
      ),
    tx
      .deleteFrom('auth.app_password')
      .where((eb) => eb.or([eb('revoked_at', '<', before), eb('expires_at', '<', before)])),
    tx.deleteFrom('auth.reset_token').where('expires_at', '<', before),
    tx.deleteFrom('auth.invite').where('expires_at', '<', before),
    tx.deleteFrom('auth.message').where('expires_at', '<', now),
    tx.deleteFrom('auth.signing_key').where('publish_until', '<', now)
  ]
  let deleted = 0
  for (const deletion of deletions) deleted += Number((await deletion.executeTakeFirst()).numDeletedRows)
  return deleted
}
