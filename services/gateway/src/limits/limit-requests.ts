import { CairnError } from '@cairn/contracts'
import { addressGroup, type HttpApp, type IdentityObserver } from '@cairn/http'
import type { ServiceHost } from '@cairn/service'
import type { RateLimits } from '../config.ts'
import { createRateLimiter } from './rate-limiter.ts'

type LimitHost = Pick<ServiceHost, 'cache' | 'clock' | 'logger'>

const WINDOW_MS = 60_000

/** Limits every source (IPv4 address or IPv6 /64) before anything else is done for it. */
export const limitAddresses = (app: HttpApp, host: LimitHost, limits: RateLimits): void => {
  if (limits.perAddress === 0) return
  const limiter = createRateLimiter({ ...host, name: 'address', limit: limits.perAddress, windowMs: WINDOW_MS })
  app.addHook('onRequest', (request, _reply, done) => {
    refuseIf(limiter.hit(addressGroup(request.ip)))
    done()
  })
}

/** Limits every user, whatever addresses and credentials they use. */
export const createUserLimit = (host: LimitHost, limits: RateLimits): IdentityObserver => {
  if (limits.perUser === 0) return () => undefined
  const limiter = createRateLimiter({ ...host, name: 'user', limit: limits.perUser, windowMs: WINDOW_MS })
  return (_request, identity) => refuseIf(limiter.hit(identity.userId))
}

const refuseIf = (retryAfter: number | undefined): void => {
  if (retryAfter !== undefined) throw new CairnError('rate_limited', 'Too many requests; slow down', { retryAfter })
}
