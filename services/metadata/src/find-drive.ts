import type { MetadataContext } from './context.ts'
import { notFound } from './errors.ts'
import { ensurePersonal, findMembership, findPersonal, type Membership } from './store/drives.ts'
import { isUuid } from './uuid.ts'

export const PERSONAL = 'personal'

/**
 * The drive a caller names, by id or as `personal` (made when missing), and what the caller is in it.
 * A drive the caller is no member of does not exist for them.
 */
export const findDrive = async (context: MetadataContext, userId: string, drive: string): Promise<Membership> => {
  const { database, random, clock } = context
  if (drive === PERSONAL) {
    const standing = await findPersonal(database.query, userId)
    return standing ?? ensurePersonal(database, userId, { newId: () => random.uuid(), at: clock.now() })
  }
  const member = isUuid(drive) ? await findMembership(database.query, userId, drive) : undefined
  if (member === undefined) throw notFound()
  return member
}
