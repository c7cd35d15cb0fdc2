import type { IncomingMessage, ServerResponse } from 'node:http'

const STATE = Symbol('cairn.expect-continue')

type Expecting = IncomingMessage & { [STATE]?: 'waiting' | 'told' }

/**
 * For a request with `Expect: 100-continue`: tells the client to send its body only when somebody starts
 * reading it, so that a refusal arrives before the body does.
 */
export const deferContinue = (request: IncomingMessage, response: ServerResponse): void => {
  const expecting: Expecting = request
  expecting[STATE] = 'waiting'
  const read = request._read.bind(request)
  request._read = (size: number): void => {
    if (expecting[STATE] === 'waiting' && !response.headersSent) {
      expecting[STATE] = 'told'
      response.writeContinue()
    }
    read(size)
  }
}

/**
 * The client may or may not send the body it announced once it has been refused; nothing after that can be
 * told apart from a request, so the connection cannot be used again.
 */
export const isBodyUnclaimed = (request: IncomingMessage): boolean => (request as Expecting)[STATE] === 'waiting'
