import type { IncomingHttpHeaders } from 'node:http'
import { readCookie } from './cookies.ts'
import { refuseCredential } from './refusal.ts'

/** What a request presents to be recognised by. */
export type Credential =
  | { readonly kind: 'access-token'; readonly token: string; readonly fromCookie: boolean }
  | { readonly kind: 'app-password'; readonly username: string; readonly secret: string }

export const APP_PASSWORD_PREFIX = 'cairn_'

const MAX_TOKEN_LENGTH = 8192
const MAX_SECRET_LENGTH = 256
const MAX_USERNAME_LENGTH = 320

/**
 * Reads the one credential of a request; undefined when it presents none. An `Authorization` header
 * counts alone: a bad one is never made good by a cookie. Throws `unauthenticated` when it is malformed.
 */
export const readCredential = (
  headers: IncomingHttpHeaders,
  cookieNames: readonly string[]
): Credential | undefined => {
  const { authorization } = headers
  if (authorization !== undefined) return readAuthorization(authorization)
  for (const name of cookieNames) {
    const token = readCookie(headers.cookie, name)
    if (token !== undefined) return { kind: 'access-token', token: bounded(token, MAX_TOKEN_LENGTH), fromCookie: true }
  }
  return undefined
}

const readAuthorization = (authorization: string): Credential => {
  const space = authorization.indexOf(' ')
  const scheme = authorization.slice(0, space).toLowerCase()
  const value = authorization.slice(space + 1)
  if (scheme === 'bearer') return readBearer(value)
  if (scheme === 'basic') return readBasic(value)
  throw refuseCredential('unknown authorization scheme')
}

const readBearer = (value: string): Credential =>
  value.startsWith(APP_PASSWORD_PREFIX)
    ? { kind: 'app-password', username: '', secret: bounded(value, MAX_SECRET_LENGTH) }
    : { kind: 'access-token', token: bounded(value, MAX_TOKEN_LENGTH), fromCookie: false }

/** Sign-in passwords are not taken here: they are slow to verify, unscoped, and need a second factor. */
const readBasic = (value: string): Credential => {
  const decoded = Buffer.from(bounded(value, MAX_TOKEN_LENGTH), 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  const secret = decoded.slice(colon + 1)
  if (colon < 1 || !secret.startsWith(APP_PASSWORD_PREFIX)) throw refuseCredential('not an app password')
  return {
    kind: 'app-password',
    username: bounded(decoded.slice(0, colon), MAX_USERNAME_LENGTH),
    secret: bounded(secret, MAX_SECRET_LENGTH)
  }
}

const bounded = (text: string, limit: number): string => {
  if (text.length === 0 || text.length > limit) throw refuseCredential('credential of impossible length')
  return text
}
