import type { AddressInfo } from 'node:net'
import type { HttpApp } from '@cairn/http'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

const EVERY_ADDRESS = '::'
const EVERY_IPV4_ADDRESS = '0.0.0.0'

/** Begins to accept connections. On machines without IPv6 "::" means every IPv4 address. */
export const listen = async (app: HttpApp, address: ListenAddress): Promise<ListenAddress> => {
  try {
    await app.listen(address)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new Error(`Port ${address.port} is in use. Choose another with CAIRN_PORT.`, { cause: error })
    }
    const lacksIpv6 = code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'
    if (address.host !== EVERY_ADDRESS || !lacksIpv6) throw error
    await app.listen({ ...address, host: EVERY_IPV4_ADDRESS })
  }
  const bound = app.server.address() as AddressInfo
  return { host: bound.address, port: bound.port }
}
