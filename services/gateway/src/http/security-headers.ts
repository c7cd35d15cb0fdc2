import type { HttpApp } from '@cairn/http'

const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

/** For our own HTML pages: nothing but our own files, no inline script or style. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

const TWO_YEARS = 63_072_000

/**
 * Defaults for every answer, errors included; a route may set its own value of any of them. Answers
 * without a Cache-Control of their own are not stored.
 */
export const addSecurityHeaders = (app: HttpApp, publicOrigin: string): void => {
  const headers: Readonly<Record<string, string>> = {
    'content-security-policy': API_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'cache-control': 'no-store',
    ...(publicOrigin.startsWith('https:')
      ? { 'strict-transport-security': `max-age=${TWO_YEARS}; includeSubDomains` }
      : {})
  }
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}
