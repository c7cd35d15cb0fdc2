import { badRequest } from '../errors.ts'

const MAX_HEADER_BYTES = 8192
const KEY = /^[!-+\--~]{1,100}$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** `Upload-Metadata`: unique ASCII keys, each with an optional base64 value of UTF-8 text. */
export const parseMetadata = (header: unknown): ReadonlyMap<string, string> => {
  const entries = new Map<string, string>()
  if (header === undefined) return entries
  if (typeof header !== 'string' || header.length > MAX_HEADER_BYTES) throw badRequest('Upload-Metadata is too long.')
  if (header.trim() === '') return entries
  for (const pair of header.split(',')) {
    const [key = '', value = '', ...rest] = pair.trim().split(' ')
    if (!KEY.test(key) || !BASE64.test(value) || rest.length > 0 || entries.has(key)) {
      throw badRequest('Upload-Metadata must be unique keys with base64 values.')
    }
    entries.set(key, decodeText(value))
  }
  return entries
}

const decodeText = (base64: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    throw badRequest('Upload-Metadata values must be UTF-8 text.')
  }
}
