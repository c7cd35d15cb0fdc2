import { addressGroup, plainAddress } from '@cairn/http'
import type { FastifyRequest } from 'fastify'
import type { Caller, SignedIn } from '../domain/caller.ts'
import { sessionNeeded } from '../errors.ts'

const MAX_USER_AGENT = 256

export const callerOf = (request: FastifyRequest): Caller => ({
  ip: plainAddress(request.ip),
  source: addressGroup(request.ip),
  userAgent: printable(request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
  requestId: request.id
})

/** Of a route behind requireIdentity. App passwords do not manage credentials. Throws `forbidden`. */
export const signedInOf = (request: FastifyRequest): SignedIn => {
  const { userId, credentialId, credential } = request.identity
  if (credential !== 'session') throw sessionNeeded()
  return { ...callerOf(request), userId, sessionId: credentialId }
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
