import type { RetryPolicy } from './retry.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base URL, already encoded; see {@link path}. */
  readonly path: string
  readonly query?: Query | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is, possibly several times. */
  readonly body?: readonly Uint8Array<ArrayBuffer>[] | undefined
  readonly signal?: AbortSignal | undefined
  /** Whether a second arrival does no harm. Default: everything but POST and PATCH without an Idempotency-Key. */
  readonly idempotent?: boolean | undefined
  /** How long the answer may take once the request is sent, in ms. */
  readonly timeoutMs?: number | undefined
  readonly retry?: RetryPolicy | undefined
  /** Statuses besides 2xx that are answers, not errors (304, 416 …). */
  readonly accept?: readonly number[] | undefined
}

/** Joins path segments, each encoded: path`/v1/drives/${drive}`. @throws TypeError for one that URLs cannot hold. */
export function path(strings: TemplateStringsArray, ...segments: readonly string[]): string {
  return strings.reduce((joined, text, index) => joined + encodeSegment(segments[index - 1] ?? '') + text)
}

/** Dots would be taken for navigation, encoded or not: the request would go elsewhere. */
export function encodeSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') throw new TypeError(`"${segment}" cannot be part of a URL`)
  return encodeURIComponent(segment)
}

export function urlOf(baseUrl: string, request: ApiRequest): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) query.set(name, String(value))
  const text = query.toString()
  return `${baseUrl}${request.path}${text === '' ? '' : `?${text}`}`
}

export function isIdempotent(request: ApiRequest): boolean {
  if (request.idempotent !== undefined) return request.idempotent
  if (request.method !== 'POST' && request.method !== 'PATCH') return true
  return request.headers?.['idempotency-key'] !== undefined
}

export function bodyOf(request: ApiRequest): readonly Uint8Array<ArrayBuffer>[] | undefined {
  return request.json === undefined ? request.body : [new TextEncoder().encode(JSON.stringify(request.json))]
}
