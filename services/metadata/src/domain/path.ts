import { type NameResult, parseName, type ValidName } from '@cairn/names'

export type PathResult =
  | { readonly ok: true; readonly names: readonly ValidName[] }
  | { readonly ok: false; readonly reason: string }

/** Characters of the longest path that can exist: 128 levels of 255 bytes. */
export const MAX_PATH_LENGTH = 128 * 256

/** Slash separated names from the root down; one slash at either end is ignored, the empty path is the root. */
export const parsePath = (path: string): PathResult => {
  if (path.length > MAX_PATH_LENGTH) return { ok: false, reason: 'The path is too long' }
  const inner = path.replace(/^\//, '').replace(/\/$/, '')
  const results: NameResult[] = inner === '' ? [] : inner.split('/').map(parseName)
  const names: ValidName[] = []
  for (const result of results) {
    if (!result.ok) return result
    names.push(result.name)
  }
  return { ok: true, names }
}
