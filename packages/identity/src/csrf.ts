import type { IncomingHttpHeaders } from 'node:http'
import { CairnError } from '@cairn/contracts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

export const CSRF_HEADER = 'x-cairn-csrf'

/**
 * Browsers attach cookies to requests other sites make. An unsafe request by cookie must come from one of
 * our origins and carry a header that only our own script can set; a WebSocket, which can carry none,
 * must come from one of our origins. Throws `csrf_refused`.
 */
export const requireSameOrigin = (
  request: { readonly method: string; readonly headers: IncomingHttpHeaders },
  origins: readonly string[]
): void => {
  const { headers, method } = request
  const isUpgrade = method === 'GET' && headers.upgrade !== undefined
  if (SAFE_METHODS.has(method) && !isUpgrade) return
  const site = headers['sec-fetch-site']
  const fromUs = headers.origin !== undefined && origins.includes(headers.origin)
  const siteAgrees = site === undefined || site === 'same-origin'
  if (!fromUs || !siteAgrees || (!isUpgrade && headers[CSRF_HEADER] !== '1')) {
    throw new CairnError('csrf_refused', 'Requests by cookie must come from the application itself')
  }
}
