import { ApiError, NetworkError } from '@cairn/client'
import type { Messages } from '../i18n/en.ts'

export interface Explanation {
  /** What happened. */
  readonly title: string
  /** What to do, or what the server said. */
  readonly advice: string
  /** For the administrator. */
  readonly requestId: string | undefined
}

/** An error in words a person can act on. */
export const explain = (error: unknown, t: Messages): Explanation => {
  if (error instanceof NetworkError) return { ...t.errors.offline, requestId: undefined }
  if (error instanceof ApiError) {
    const known = (t.errors.codes as Readonly<Record<string, string>>)[error.code]
    const title = known ?? error.detail
    const server = error.status >= 500 && error.requestId !== undefined
    return {
      title,
      advice: known === undefined || error.detail === known ? '' : error.detail,
      requestId: server ? error.requestId : undefined
    }
  }
  return { title: t.errors.unknown, advice: error instanceof Error ? error.message : '', requestId: undefined }
}

/** For one line. */
export const explainShort = (error: unknown, t: Messages): string => explain(error, t).title
