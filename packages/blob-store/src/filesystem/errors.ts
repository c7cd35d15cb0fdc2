import { BlobError } from '../blob-store.ts'

export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT'])

/** A system error as the port names it. BlobErrors pass through. `doing` says what was attempted. */
export const toBlobError = (error: unknown, doing: string): BlobError => {
  if (error instanceof BlobError) return error
  const code = systemCode(error)
  if (code !== undefined && NO_SPACE.has(code)) return new BlobError('no_space', `no space: ${doing}`, { cause: error })
  return new BlobError('unavailable', `${doing}: ${code ?? 'failed'}`, { cause: error })
}

export const notFound = (key: string, cause?: unknown): BlobError =>
  new BlobError('not_found', `no object ${key}`, { cause })

/** ENOTDIR: a parent of the path is an object, so nothing can be below it. */
export const isAbsent = (error: unknown): boolean => {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}
