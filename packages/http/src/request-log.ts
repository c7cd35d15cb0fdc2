import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/**
 * What Fastify logs by itself: nothing but responses that broke after their headers were sent, which is
 * the only trace of content that could not be verified midway. Everything else is logged by our hooks.
 */
export class RequestLog extends LogController {
  constructor() {
    super({ disableRequestLogging: true, requestIdLogLabel: 'requestId' })
  }

  override streamError(error: Error, request: FastifyRequest, _reply: FastifyReply): void {
    const clientWentAway =
      (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE' || request.signal.aborted
    request.log[clientWentAway ? 'debug' : 'error'](
      { err: error, route: request.routeOptions.url },
      'response broke off'
    )
  }
}
