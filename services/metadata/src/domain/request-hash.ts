import { createHash } from 'node:crypto'

/**
 * What makes two requests "the same" for an op id: what the caller asked for, in a canonical form.
 * Ids chosen by the server or by storage (new nodes, versions) are left out by the callers.
 * Only strings, numbers, booleans and records of them; absent and undefined are the same.
 */
export const requestHash = (request: object): Uint8Array => createHash('sha256').update(canonical(request)).digest()

const canonical = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}
