export const REDACTED = '[redacted]'

const SECRET_KEY = /^(?:proxy-)?authorization$|cookie|passw(?:or)?d|token|secret|api-?key|private-?key/i
const MAX_DEPTH = 6

/** Whether a field of this name may hold a secret. */
export const isSecretKey = (key: string): boolean => SECRET_KEY.test(key)

/**
 * A copy of a log record in which no field that is named like a secret keeps its value, at any depth
 * down to six. Errors and class instances are left to their serializers.
 */
export const redactRecord = (record: Record<string, unknown>): Record<string, unknown> => redactObject(record, 0)

const redactObject = (record: Record<string, unknown>, depth: number): Record<string, unknown> => {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(record)) {
    const value = record[key]
    copy[key] = isSecretKey(key) && isSecretValue(value) ? REDACTED : redactValue(value, depth + 1)
  }
  return copy
}

const redactValue = (value: unknown, depth: number): unknown => {
  if (value === null || typeof value !== 'object') return value
  if (depth > MAX_DEPTH) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return redactObject(value as Record<string, unknown>, depth)
  return value
}

/** Counts and flags such as `tokens: 3` are not secrets. */
const isSecretValue = (value: unknown): boolean =>
  value !== undefined && value !== null && typeof value !== 'number' && typeof value !== 'boolean'
