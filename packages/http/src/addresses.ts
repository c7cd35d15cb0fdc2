import { BlockList, isIP } from 'node:net'

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  linklocal: ['169.254.0.0/16', 'fe80::/10']
}

/** Whether an address belongs to a set of networks. */
export type AddressMatcher = (address: string | undefined) => boolean

/** Why this is not an address, a CIDR block or one of loopback, private, linklocal; undefined when it is. */
export const networkProblem = (network: string): string | undefined =>
  NAMED[network] !== undefined || parseNetwork(network) !== undefined
    ? undefined
    : 'is not an address, a network such as 10.0.0.0/8, "loopback", "private" or "linklocal"'

/** Networks: addresses, CIDR blocks, or the names loopback, private, linklocal. Throws on anything else. */
export const createAddressMatcher = (networks: readonly string[]): AddressMatcher => {
  if (networks.length === 0) return () => false
  const list = new BlockList()
  for (const network of networks.flatMap((name) => NAMED[name] ?? [name])) {
    const parsed = parseNetwork(network)
    if (parsed === undefined) throw new TypeError(`"${network}" is not an address or network`)
    list.addSubnet(parsed.address, parsed.bits, parsed.family)
  }
  return (address) => {
    if (address === undefined) return false
    const plain = plainAddress(address)
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
  }
}

/** Without the ::ffff: prefix of IPv4 on a dual-stack socket, and without a zone. */
export const plainAddress = (address: string): string => {
  const bare = address.replace(/%.*$/, '')
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.slice('::ffff:'.length) : bare
}

/** What limits count by: the IPv4 address, or the /64 an IPv6 host can pick its addresses from. */
export const addressGroup = (address: string): string => {
  const plain = plainAddress(address)
  if (isIP(plain) !== 6) return plain
  return `${expandIpv6(plain).slice(0, 4).join(':')}::/64`
}

const expandIpv6 = (address: string): readonly string[] => {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = Math.max(0, 8 - left.length - right.length)
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  return groups.map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
}

const parseNetwork = (network: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined => {
  const [address = '', prefix, ...rest] = network.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return undefined
  const widest = version === 4 ? 32 : 128
  const bits = prefix === undefined ? widest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  return bits >= 0 && bits <= widest ? { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined
}
