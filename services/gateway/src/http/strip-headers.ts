import type { AddressMatcher, HttpApp } from '@cairn/http'

/** However they are spelled, these claim an identity. Only credentials do that here. */
const IDENTITY =
  /^(?:x-)?(?:(?:auth|authenticated|remote|forwarded|webauth|user)-)?(?:user|userid|user-id|roles?|groups?|email|username|admin)$|^x-auth-|^remote-|^x-ssl-client/
const FORWARDED =
  /^(?:forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip)$/

/**
 * Removes identity headers from every request, and what claims another client address or origin unless a
 * trusted proxy said so. Nothing here reads them; this keeps it that way for whatever is added later.
 */
export const stripForeignHeaders = (app: HttpApp, trusted: AddressMatcher): void => {
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers, socket } = request.raw
    for (const name in headers) {
      if (!SUSPECT_INITIALS.has(name.charCodeAt(0))) continue
      const dashed = name.replaceAll('_', '-')
      if (IDENTITY.test(dashed)) delete headers[name]
      else if (FORWARDED.test(dashed) && (name !== dashed || !trusted(socket.remoteAddress))) delete headers[name]
    }
    done()
  })
}

const SUSPECT_INITIALS: ReadonlySet<number> = new Set([...'acefgrtuvwx'].map((letter) => letter.charCodeAt(0)))

/** Whether a request came through a proxy nobody told us about. */
export const isForwarded = (rawHeaders: readonly string[]): boolean =>
  rawHeaders.some((name, index) => index % 2 === 0 && FORWARDED.test(name.toLowerCase().replaceAll('_', '-')))
