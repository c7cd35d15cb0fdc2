import { ApiError } from '../errors.ts'
import type { HttpReply } from './http-port.ts'

const KNOWN = new Set(['type', 'title', 'status', 'detail', 'code', 'instance', 'requestId', 'retryAfter'])

/** Turns a refusal into an ApiError; consumes the body. */
export async function readProblem(reply: HttpReply, now: number): Promise<ApiError> {
  const problem = await readObject(reply)
  const text = (key: string) => (typeof problem[key] === 'string' ? problem[key] : undefined)
  const extras = Object.fromEntries(Object.entries(problem).filter(([key]) => !KNOWN.has(key)))
  return new ApiError({
    status: reply.status,
    code: text('code') ?? `http_${reply.status}`,
    detail: text('detail') ?? text('title') ?? `The server answered with status ${reply.status}`,
    requestId: text('requestId') ?? reply.headers.get('x-request-id') ?? undefined,
    retryAfter: parseRetryAfter(reply.headers.get('retry-after'), now),
    extras
  })
}

/** Seconds; understands both forms of the header (delta and HTTP date). */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined
  if (/^\d+$/.test(value.trim())) return Number(value)
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000))
}

async function readObject(reply: HttpReply): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await reply.text())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // Proxies answer with HTML or nothing at all; the status still says enough.
    return {}
  }
}
