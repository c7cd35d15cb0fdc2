const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotl = (value: bigint, by: bigint): bigint => u64((value << by) | (value >> (64n - by)))

export interface SipKey {
  readonly k0: bigint
  readonly k1: bigint
}

/** SipHash-2-4 of any message. Slow (BigInt): for key schedules and as an oracle. */
export function sipHash24(key: SipKey, message: Uint8Array): bigint {
  let v0 = key.k0 ^ 0x736f6d6570736575n
  let v1 = key.k1 ^ 0x646f72616e646f6dn
  let v2 = key.k0 ^ 0x6c7967656e657261n
  let v3 = key.k1 ^ 0x7465646279746573n
  const round = () => {
    v0 = u64(v0 + v1)
    v1 = rotl(v1, 13n) ^ v0
    v0 = rotl(v0, 32n)
    v2 = u64(v2 + v3)
    v3 = rotl(v3, 16n) ^ v2
    v0 = u64(v0 + v3)
    v3 = rotl(v3, 21n) ^ v0
    v2 = u64(v2 + v1)
    v1 = rotl(v1, 17n) ^ v2
    v2 = rotl(v2, 32n)
  }
  const absorb = (word: bigint) => {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  const whole = message.length - (message.length % 8)
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  for (let at = 0; at < whole; at += 8) absorb(view.getBigUint64(at, true))
  let last = BigInt(message.length & 0xff) << 56n
  for (let at = whole; at < message.length; at++) last |= BigInt(view.getUint8(at)) << BigInt(8 * (at - whole))
  absorb(last)

  v2 ^= 0xffn
  for (let i = 0; i < 4; i++) round()
  return v0 ^ v1 ^ v2 ^ v3
}
