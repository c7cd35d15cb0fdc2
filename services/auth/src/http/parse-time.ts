import { invalidRequest } from '../errors.ts'

/** An optional ISO 8601 time. Throws `invalid_request` for a day that does not exist. */
export const parseTime = (text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw invalidRequest('This is not a point in time')
  return date
}
