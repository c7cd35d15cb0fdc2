import { PageQuery, problemResponses } from '@cairn/http'
import { type Static, Type } from 'typebox'
import { notFound } from '../errors.ts'
import { readDrive } from '../store/drives.ts'
import { type JournalRow, readJournal } from '../store/read-journal.ts'
import { openJournalCursor, sealJournalCursor } from './journal-cursor.ts'
import { DriveParams, driveOf, type Routes } from './route-kit.ts'
import { isoTime, JournalEntry } from './shapes.ts'

/** GET /v1/drives/:drive/journal */
export const journalRoute = ({ app, context, mayRead }: Routes): void => {
  app.get(
    '/v1/drives/:drive/journal',
    {
      onRequest: mayRead,
      schema: {
        tags: ['drives'],
        summary: 'What has changed since a cursor, in order and without gaps',
        description:
          'Entries are resulting node states: applying one twice, or after a newer one, changes nothing. `conflict` ' +
          'with `reset` means: list the drive again and merge by node id.',
        params: DriveParams,
        querystring: PageQuery,
        response: {
          200: Type.Object({
            entries: Type.Array(JournalEntry),
            cursor: Type.String({ description: 'Continue from here, now or later' }),
            more: Type.Boolean()
          }),
          ...problemResponses('not_found', 'invalid_cursor', 'conflict')
        }
      }
    },
    async (request) => {
      const { cursor, limit = 100 } = request.query
      const { userId } = request.identity
      const key = await driveOf(context, request, request.params.drive)
      const drive = await readDrive(context.database.query, key)
      if (drive === undefined) throw notFound()
      const after = openJournalCursor(context, { userId, drive, cursor })
      const rows = await readJournal(context.database.query, key, { after, limit })
      const seq = rows.at(-1)?.seq ?? after
      return {
        entries: rows.map(entryShape),
        cursor: sealJournalCursor(context, { userId, drive, seq }),
        more: rows.length === limit && seq < drive.headSeq
      }
    }
  )
}

const entryShape = (row: JournalRow): Static<typeof JournalEntry> => ({
  seq: row.seq,
  op: row.op,
  nodeId: row.node_id,
  parentId: row.parent_id,
  name: row.name,
  kind: row.kind,
  state: row.state === 'purging' ? 'purged' : row.state,
  versionId: row.version_id,
  size: row.size,
  mtime: isoTime(row.mtime_ms),
  contentRev: row.content_rev,
  metaRev: row.meta_rev,
  actorId: row.actor_id,
  deviceId: row.device_id,
  opId: row.op_id,
  at: isoTime(row.at_ms)
})
