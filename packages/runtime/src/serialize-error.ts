import { redactRecord } from './redact.ts'

const MAX_CAUSES = 5

/** An error as it is logged: type, message, stack, stable code, extras and the chain of causes. */
export const serializeError = (error: unknown): unknown => describe(error, 0)

const describe = (error: unknown, depth: number): unknown => {
  if (!(error instanceof Error)) return error !== null && typeof error === 'object' ? redactRecord({ ...error }) : error
  const extras: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(error)) {
    if (key !== 'cause' && key !== 'stack' && isLoggable(value)) extras[key] = value
  }
  return {
    type: error.name,
    message: error.message,
    ...redactRecord(extras),
    stack: error.stack,
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describe(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < MAX_CAUSES
      ? { errors: error.errors.slice(0, 10).map((inner) => describe(inner, depth + 1)) }
      : {})
  }
}

const isLoggable = (value: unknown): boolean => {
  if (value === null || value === undefined) return false
  if (typeof value !== 'object') return typeof value !== 'function' && typeof value !== 'symbol'
  return Object.getPrototypeOf(value) === Object.prototype
}
