import { type CairnError, ERROR_CODES } from '@cairn/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { toCairnError } from './fastify-errors.ts'
import { PROBLEM_TYPE, problemHeaders, problemOf } from './problem.ts'

/** Renders anything thrown as a problem document; logs the failures of the server with their causes. */
export const handleError = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const error = toCairnError(thrown)
  const { status } = ERROR_CODES[error.code]
  if (status >= 500 && !request.signal.aborted) {
    const level = error.code === 'internal' || error.code === 'content_damaged' ? 'error' : 'warn'
    request.log[level]({ err: error, route: request.routeOptions.url }, 'request failed')
  }
  return sendProblem(request, reply, error)
}

/** Sends the problem document of an error. */
export const sendProblem = (request: FastifyRequest, reply: FastifyReply, error: CairnError): FastifyReply => {
  for (const [name, value] of Object.entries(problemHeaders(error))) {
    if (!reply.hasHeader(name)) reply.header(name, value)
  }
  // Fastify wants to close the connection of a body that is too large, under the client's hands. It is drained instead.
  reply.removeHeader('connection')
  // Whatever the failed handler announced about its own payload does not hold for this one.
  for (const name of ['content-length', 'content-encoding', 'content-disposition', 'etag']) reply.removeHeader(name)
  // Of an unsatisfiable range it says how long the content is (RFC 9110 §15.5.17).
  if (error.code !== 'range_not_satisfiable') reply.removeHeader('content-range')
  const body = JSON.stringify(problemOf(error, request.id))
  return reply
    .code(ERROR_CODES[error.code].status)
    .type(PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .serializer(String)
    .send(body)
}
