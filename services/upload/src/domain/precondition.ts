import { CairnError } from '@cairn/contracts'
import { badRequest } from '../errors.ts'
import type { Authorized } from './authorize.ts'

/** What `If-Match` and `If-None-Match` ask of the file that stands there. */
export interface Precondition {
  /** `*`, or the version ids of which one must be current. */
  readonly match: '*' | readonly string[] | undefined
  /** `*`, or version ids of which none may be current. */
  readonly noneMatch: '*' | readonly string[] | undefined
}

const ETAG_LIST = /^(?:W\/)?"[^"]*"(?: *, *(?:W\/)?"[^"]*")*$/

export const parsePrecondition = (headers: Readonly<Record<string, unknown>>): Precondition => ({
  match: parseEtags(headers['if-match']),
  noneMatch: parseEtags(headers['if-none-match'])
})

const parseEtags = (value: unknown): '*' | readonly string[] | undefined => {
  if (value === undefined) return undefined
  if (value === '*') return '*'
  if (typeof value !== 'string' || !ETAG_LIST.test(value)) throw badRequest('An entity tag is a quoted version id.')
  return [...value.matchAll(/"([^"]*)"/g)].map(([, tag = '']) => tag)
}

/** Judged before the body is read, and once more by the commit itself (see commitGuards). */
export const assertPrecondition = ({ match, noneMatch }: Precondition, existing: Authorized['existing']): void => {
  const current = existing?.versionId
  if (match !== undefined && (current === undefined || (match !== '*' && !match.includes(current)))) {
    throw preconditionFailed('The file is not the one that was expected.')
  }
  if (noneMatch !== undefined && current !== undefined && (noneMatch === '*' || noneMatch.includes(current))) {
    throw preconditionFailed('There is already a file.')
  }
}

/** The same conditions in terms of the commit, so that a writer in between does not slip through. */
export const commitGuards = (precondition: Precondition, existing: Authorized['existing']) => {
  if (existing === undefined) return precondition.noneMatch === '*' ? { onConflict: 'fail' } : { onConflict: 'version' }
  const guarded = precondition.match !== undefined || precondition.noneMatch !== undefined
  return { onConflict: 'version', ...(guarded ? { baseRev: BigInt(existing.contentRev) } : {}) }
}

/** A conditional request that lost the race is told so in its own terms. */
export const asPreconditionFailure = (precondition: Precondition, error: unknown): unknown => {
  const conditional = precondition.match !== undefined || precondition.noneMatch !== undefined
  const raced = error instanceof CairnError && (error.code === 'stale' || error.code === 'name_taken')
  return conditional && raced ? preconditionFailed('The file changed meanwhile.', error) : error
}

const preconditionFailed = (detail: string, cause?: unknown): CairnError =>
  new CairnError('precondition_failed', detail, { cause })
