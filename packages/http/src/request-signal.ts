import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The client has gone, or a stopping server gave up waiting. Reason of `request.signal`. */
export class ClientGoneError extends Error {
  constructor() {
    super('The client has gone')
    this.name = 'ClientGoneError'
  }
}

const RESPONSE = Symbol('cairn.response')
const SIGNAL = Symbol('cairn.signal')

interface Connected {
  [RESPONSE]: ServerResponse | undefined
  [SIGNAL]: AbortSignal | undefined
}

/**
 * Makes `request.signal` abort when the connection is lost before the response is complete. A stopping
 * server closes its connections at the deadline, so that aborts too. Fastify's own signal follows the
 * request stream, which closes as soon as a body has been read: it would abort under the handler.
 */
export const replaceRequestSignal = (app: FastifyInstance): void => {
  app.decorateRequest(RESPONSE, undefined)
  app.decorateRequest(SIGNAL, undefined)
  app.addHook('onRequest', (request, reply, done) => {
    ;(request as FastifyRequest & Connected)[RESPONSE] = reply.raw
    const prototype: object = Object.getPrototypeOf(request)
    if (!Object.hasOwn(prototype, 'signal')) Object.defineProperty(prototype, 'signal', { get: signalOf })
    done()
  })
}

function signalOf(this: FastifyRequest & Connected): AbortSignal {
  this[SIGNAL] ??= followResponse(this[RESPONSE])
  return this[SIGNAL]
}

const followResponse = (response: ServerResponse | undefined): AbortSignal => {
  const controller = new AbortController()
  if (response === undefined) return controller.signal
  const abort = (): void => {
    if (!response.writableFinished) controller.abort(new ClientGoneError())
  }
  if (response.destroyed) abort()
  else response.once('close', abort)
  return controller.signal
}
