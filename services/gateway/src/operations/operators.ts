import { createHash, timingSafeEqual } from 'node:crypto'
import { type AddressMatcher, createAddressMatcher } from '@cairn/http'
import type { FastifyRequest } from 'fastify'
import type { OperatorAccess } from '../config.ts'
import { isForwarded } from '../http/strip-headers.ts'

/** Whether a request may see what is meant for operators. */
export type OperatorCheck = (request: FastifyRequest) => boolean

/**
 * By token, or by address. Behind a proxy that is not declared as trusted everybody seems to come from the
 * proxy's address, so requests that were forwarded by a stranger never pass by address.
 */
export const createOperatorCheck = (access: OperatorAccess, trusted: AddressMatcher): OperatorCheck => {
  const near = createAddressMatcher(access.networks)
  return (request) => {
    const { authorization } = request.headers
    if (authorization !== undefined) return access.token !== undefined && isToken(authorization, access.token)
    const { remoteAddress } = request.socket
    if (!isForwarded(request.raw.rawHeaders)) return near(remoteAddress)
    return trusted(remoteAddress) && near(request.ip)
  }
}

const isToken = (authorization: string, token: string): boolean =>
  timingSafeEqual(digest(authorization), digest(`Bearer ${token}`))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
