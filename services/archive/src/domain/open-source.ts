import { CairnError } from '@cairn/contracts'
import { createChecksums } from '../checksums/checksums.ts'
import type { ArchiveContext } from '../context.ts'
import { readPages, type Ticket } from '../store/tickets.ts'
import type { ArchiveSource } from '../stream/source.ts'

/** The real thing behind a ticket; every page asks metadata again whether its versions may be read. */
export const openSource = async (
  context: ArchiveContext,
  ticket: Ticket,
  signal: AbortSignal
): Promise<ArchiveSource> => ({
  pages: (by, from) => readPages(context.database.query, ticket, { by, from }),
  grant: async (versionIds) => {
    if (versionIds.length === 0) return new Map()
    const wanted = [...new Set(versionIds)]
    const { userId, driveId: drive } = ticket
    const { versions } = await context.metadata().authorizeVersions({ userId, drive, versionIds: wanted }, { signal })
    if (versions.length !== wanted.length) throw new CairnError('gone', 'A file of this archive is no longer there.')
    return new Map(versions.map(({ versionId, manifestId }) => [versionId, manifestId]))
  },
  read: (manifestId, start, end) =>
    context.storageData.read({ vaultId: ticket.vaultId, manifestId, start, end }, signal),
  checksums: await createChecksums(context, ticket.vaultId)
})
