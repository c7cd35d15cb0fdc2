import { isUuid } from '../domain/fields.ts'
import { uploadNotFound } from '../errors.ts'

/** An id that cannot exist answers exactly as one that does not. */
export const parseUploadId = (id: string): string => {
  if (!isUuid(id)) throw uploadNotFound()
  return id
}
