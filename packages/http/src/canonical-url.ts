/**
 * Why a request target is not canonical; undefined when it is. Nothing behind this check decodes a URL
 * twice or resolves dots, so a router, a guard and a handler always see the same path. An encoded
 * percent sign (`%25`) is legitimate: `%252e` is the literal name "%2e" and nothing else.
 */
export const urlProblem = (target: string): string | undefined => {
  if (target.charCodeAt(0) !== SLASH) return 'must be an absolute path'
  const queryAt = target.indexOf('?')
  const path = queryAt === -1 ? target : target.slice(0, queryAt)
  return pathProblem(path) ?? (queryAt === -1 ? undefined : queryProblem(target.slice(queryAt + 1)))
}

const SLASH = 0x2f
/** Visible ASCII but for backslash and number sign. */
const PLAIN_PATH = /^[!-"$-[\]-~]*$/
const PLAIN_QUERY = /^[!-~]*$/
const BROKEN_ESCAPE = /%(?![\da-f]{2})/i
/** Control characters, slash, backslash and dot have no business being encoded in a path. */
const FORBIDDEN_IN_PATH = /%(?:[01][\da-f]|7f|2f|5c|2e)/i
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/

const pathProblem = (path: string): string | undefined => {
  if (!PLAIN_PATH.test(path)) return 'contains characters that must be encoded'
  if (path.includes('//')) return 'contains an empty segment'
  if (DOT_SEGMENT.test(path)) return 'contains a dot segment'
  if (!path.includes('%')) return undefined
  if (BROKEN_ESCAPE.test(path)) return 'contains a broken escape'
  if (FORBIDDEN_IN_PATH.test(path)) return 'encodes a character that may not be encoded'
  return isUtf8(path) ? undefined : 'is not UTF-8'
}

const queryProblem = (query: string): string | undefined => {
  if (!PLAIN_QUERY.test(query)) return 'contains characters that must be encoded'
  if (!query.includes('%')) return undefined
  if (BROKEN_ESCAPE.test(query)) return 'contains a broken escape'
  if (query.includes('%00')) return 'contains a null character'
  return isUtf8(query) ? undefined : 'is not UTF-8'
}

/** decodeURIComponent refuses overlong forms and surrogates. */
const isUtf8 = (encoded: string): boolean => {
  try {
    decodeURIComponent(encoded)
    return true
  } catch {
    return false
  }
}
