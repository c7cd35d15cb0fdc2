import { badRequest } from '../errors.ts'
import type { OnConflict } from './session.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (value: string): boolean => UUID.test(value)

/** A drive's id or the literal `personal`. */
export const parseDrive = (value: string | undefined): string => {
  if (value === undefined || value === 'personal') return 'personal'
  if (!isUuid(value)) throw badRequest('A drive is a UUID or "personal".')
  return value
}

export const parseNodeId = (value: string | undefined): string | undefined => {
  if (value === undefined) return undefined
  if (!isUuid(value)) throw badRequest('A node id is a UUID.')
  return value
}

export const parseOnConflict = (value: string | undefined): OnConflict => {
  if (value === undefined || value === '' || value === 'version') return 'version'
  if (value === 'fail' || value === 'rename') return value
  throw badRequest('onConflict is "version", "fail" or "rename".')
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/
/** What a Date can hold, ± 100 million days. */
const MAX_MS = 8.64e15

/** Modification time as ISO 8601 or milliseconds since the epoch. */
export const parseMtime = (value: string | undefined): number | undefined => {
  if (value === undefined || value === '') return undefined
  const ms = /^-?\d{1,16}$/.test(value) ? Number(value) : ISO_TIME.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(ms) || Math.abs(ms) > MAX_MS) {
    throw badRequest('A modification time is ISO 8601 or milliseconds since the epoch.')
  }
  return ms
}
