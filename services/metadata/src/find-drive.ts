import { notFound } from './errors.ts'
import type { MetadataDatabase } from './store/database.ts'
import { ensurePersonal, findMembership, findPersonal, type Membership } from './store/drives.ts'
import { isUuid } from './uuid.ts'

export const PERSONAL = 'personal'

/**
 * The drive a caller names, by id or as `personal` (made when missing), and what the caller is in it.
 * `not_found` for a drive the caller is no member of.
 */
export type FindDrive = (userId: string, drive: string) => Promise<Membership>

interface Birth {
  readonly newId: () => string
  readonly now: () => number
}

/** Callers that ask the same at the same time share one query; nothing is kept after its answer. */
export const createFindDrive = (database: MetadataDatabase, birth: Birth): FindDrive => {
  const underWay = new Map<string, Promise<Membership>>()
  const find = async (userId: string, drive: string): Promise<Membership> => {
    if (drive === PERSONAL) {
      const standing = await findPersonal(database.query, userId)
      return standing ?? ensurePersonal(database, userId, { newId: birth.newId, at: birth.now() })
    }
    const member = isUuid(drive) ? await findMembership(database.query, userId, drive) : undefined
    if (member === undefined) throw notFound()
    return member
  }
  return (userId, drive) => {
    const key = `${userId}/${drive}`
    const same = underWay.get(key)
    if (same !== undefined) return same
    const found = find(userId, drive).finally(() => underWay.delete(key))
    underWay.set(key, found)
    return found
  }
}
