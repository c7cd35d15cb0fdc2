import type { FastifyInstance } from 'fastify'
import { isBodyUnclaimed } from './expect-continue.ts'

/**
 * A request may be answered before its body has been read. The rest is drained for a while, because a
 * client that is still sending would otherwise see a reset instead of the answer; then the connection goes.
 */
export const drainUnreadBodies = (app: FastifyInstance, lingerTimeout: number): void => {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (isBodyUnclaimed(request.raw)) reply.header('connection', 'close')
    done(null, payload)
  })
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    done()
    if (raw.complete || raw.destroyed || isBodyUnclaimed(raw)) return
    const timer = setTimeout(() => raw.destroy(), lingerTimeout)
    timer.unref()
    raw.once('close', () => clearTimeout(timer))
    raw.resume()
  })
}
