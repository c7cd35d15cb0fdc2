import type { EventPayloads } from '@cairn/contracts'
import type { OutboxMessage } from '@cairn/database'
import type { TreeChanges } from './domain/working-set.ts'
import type { DriveKey } from './store/database.ts'

type MetadataTopic = Extract<keyof EventPayloads, `metadata.${string}`>

interface Announcement<T extends MetadataTopic> {
  readonly id: string
  readonly topic: T
  readonly key: string
  readonly payload: EventPayloads[T]
}

const announcement = <T extends MetadataTopic>(message: Announcement<T>): OutboxMessage => message

/** What one committed batch tells the others. */
export const commitMessages = (key: DriveKey, changes: TreeChanges, newId: () => string): OutboxMessage[] => {
  const last = changes.journal.at(-1)
  if (last === undefined) return []
  const { vaultId, driveId } = key
  const changed = announcement({
    id: newId(),
    topic: 'metadata.drive-changed',
    key: driveId,
    payload: {
      vaultId,
      driveId,
      headSeq: changes.headSeq,
      actorId: last.actor.userId,
      deviceId: last.actor.deviceId
    }
  })
  if (changes.versions.length === 0) return [changed]
  const committed = announcement({
    id: newId(),
    topic: 'metadata.versions-committed',
    key: vaultId,
    payload: { vaultId, versionIds: changes.versions.map(({ id }) => id) }
  })
  return [changed, committed]
}

/** Storage releases what these held. */
export const purgedMessage = (vaultId: string, versionIds: readonly string[], id: string): OutboxMessage =>
  announcement({
    id,
    topic: 'metadata.versions-purged',
    key: vaultId,
    payload: { vaultId, versionIds: [...versionIds] }
  })
