import type { IncomingMessage } from 'node:http'
import type { Random } from '@cairn/runtime'
import type { AddressMatcher } from './addresses.ts'

export const REQUEST_ID_HEADER = 'x-request-id'

const SANE_ID = /^[\w.:-]{8,128}$/

/** A new id for every request, or the one a trusted proxy has given it. */
export const createRequestIds =
  (random: Random, trusted: AddressMatcher): ((request: IncomingMessage) => string) =>
  (request) => {
    const given = request.headers[REQUEST_ID_HEADER]
    if (typeof given === 'string' && SANE_ID.test(given) && trusted(request.socket.remoteAddress)) return given
    return random.uuid()
  }
