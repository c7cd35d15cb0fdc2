import { accessCookieName } from '@cairn/identity'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ACCESS_TOKEN_LIFE } from '../lifetimes.ts'

interface Cookie {
  readonly name: string
  readonly value: string
  readonly maxAgeSeconds: number
  readonly sameSite: 'Lax' | 'Strict'
}

export interface TokenCookies {
  readonly accessToken: string
  readonly refreshToken: string
  /** When the refresh token runs out, milliseconds from now. */
  readonly refreshLife: number
}

const isSecure = (publicOrigin: string): boolean => publicOrigin.startsWith('https:')

export const refreshCookieName = (publicOrigin: string): string =>
  isSecure(publicOrigin) ? '__Host-cairn-refresh' : 'cairn-refresh'

export const setTokenCookies = (reply: FastifyReply, publicOrigin: string, tokens: TokenCookies): void => {
  setCookies(reply, publicOrigin, [
    {
      name: accessCookieName(publicOrigin),
      value: tokens.accessToken,
      maxAgeSeconds: ACCESS_TOKEN_LIFE / 1000,
      sameSite: 'Lax'
    },
    {
      name: refreshCookieName(publicOrigin),
      value: tokens.refreshToken,
      maxAgeSeconds: Math.floor(tokens.refreshLife / 1000),
      sameSite: 'Strict'
    }
  ])
}

/** Cookies are cleared for those who sent them: clearing them for others would be a way to sign people out. */
export const hasTokenCookies = ({ headers }: FastifyRequest, publicOrigin: string): boolean =>
  [accessCookieName(publicOrigin), refreshCookieName(publicOrigin)].some((name) =>
    (headers.cookie ?? '').includes(`${name}=`)
  )

export const clearTokenCookies = (reply: FastifyReply, publicOrigin: string): void => {
  setCookies(reply, publicOrigin, [
    { name: accessCookieName(publicOrigin), value: '', maxAgeSeconds: 0, sameSite: 'Lax' },
    { name: refreshCookieName(publicOrigin), value: '', maxAgeSeconds: 0, sameSite: 'Strict' }
  ])
}

/** Values are base64url and dots, so nothing needs quoting. */
const setCookies = (reply: FastifyReply, publicOrigin: string, cookies: readonly Cookie[]): void => {
  const secure = isSecure(publicOrigin) ? '; Secure' : ''
  reply.header(
    'set-cookie',
    cookies.map(
      ({ name, value, maxAgeSeconds, sameSite }) =>
        `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=${sameSite}${secure}`
    )
  )
}
