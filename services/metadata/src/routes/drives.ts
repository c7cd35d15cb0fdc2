import { problemResponses } from '@cairn/http'
import { type Static, Type } from 'typebox'
import type { MetadataContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { PERSONAL } from '../find-drive.ts'
import { listMemberships, type Membership, readDrive } from '../store/drives.ts'
import { readQuota } from '../store/quota.ts'
import { sealJournalCursor } from './journal-cursor.ts'
import { DriveParams, driveOf, type Routes } from './route-kit.ts'
import { Drive, isoTime } from './shapes.ts'

/** GET /v1/drives and /v1/drives/:drive */
export const driveRoutes = ({ app, context, mayRead }: Routes): void => {
  app.get(
    '/v1/drives',
    {
      onRequest: mayRead,
      schema: {
        tags: ['drives'],
        summary: 'The drives of the caller, the own one first',
        response: { 200: Type.Object({ items: Type.Array(Drive) }), ...problemResponses('unauthenticated') }
      }
    },
    async (request) => {
      const { userId } = request.identity
      await context.findDrive(userId, PERSONAL)
      const members = await listMemberships(context.database.query, userId)
      return { items: await Promise.all(members.map((member) => describe(context, userId, member))) }
    }
  )

  app.get(
    '/v1/drives/:drive',
    {
      onRequest: mayRead,
      schema: {
        tags: ['drives'],
        summary: 'One drive: root, journal position, quota',
        params: DriveParams,
        response: { 200: Drive, ...problemResponses('not_found') }
      }
    },
    async (request) => {
      const member = await driveOf(context, request, request.params.drive)
      return await describe(context, request.identity.userId, member)
    }
  )
}

const describe = async (
  context: MetadataContext,
  userId: string,
  member: Membership
): Promise<Static<typeof Drive>> => {
  const db = context.database.query
  const drive = await readDrive(db, member)
  if (drive === undefined) throw notFound()
  return {
    id: drive.driveId,
    name: drive.name,
    kind: drive.kind,
    role: member.role,
    rootId: drive.rootId,
    headSeq: drive.headSeq,
    quota: await readQuota(db, drive.vaultId, context.config.defaultQuota),
    journalCursor: sealJournalCursor(context, { userId, drive, seq: drive.headSeq }),
    createdAt: isoTime(drive.createdAt)
  }
}
