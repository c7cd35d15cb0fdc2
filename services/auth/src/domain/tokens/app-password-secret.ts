import { APP_PASSWORD_PREFIX } from '@cairn/identity'
import { bytesToUuid, UUID_BYTES, uuidToBytes } from './uuid-bytes.ts'

export const APP_PASSWORD_RANDOM_BYTES = 20

/** log(2^288) / log(62), rounded up. */
const DIGITS = 49
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BODY = /^[0-9A-Za-z]{49}$/
const LENGTH = UUID_BYTES + APP_PASSWORD_RANDOM_BYTES

export interface AppPasswordSecret {
  readonly userId: string
  readonly random: Uint8Array
}

/** Base 62, fixed width: nothing that a double click or a form field would cut. */
export const formatAppPassword = ({ userId, random }: AppPasswordSecret): string => {
  let rest = BigInt(`0x${Buffer.concat([uuidToBytes(userId), random]).toString('hex')}`)
  let digits = ''
  for (let n = 0; n < DIGITS; n += 1) {
    digits = `${ALPHABET[Number(rest % 62n)]}${digits}`
    rest /= 62n
  }
  return `${APP_PASSWORD_PREFIX}${digits}`
}

export const parseAppPassword = (text: string): AppPasswordSecret | undefined => {
  const body = text.startsWith(APP_PASSWORD_PREFIX) ? text.slice(APP_PASSWORD_PREFIX.length) : ''
  if (!BODY.test(body)) return undefined
  let value = 0n
  for (const digit of body) value = value * 62n + BigInt(ALPHABET.indexOf(digit))
  const hex = value.toString(16).padStart(LENGTH * 2, '0')
  if (hex.length !== LENGTH * 2) return undefined
  const bytes = Buffer.from(hex, 'hex')
  return { userId: bytesToUuid(bytes.subarray(0, UUID_BYTES)), random: bytes.subarray(UUID_BYTES) }
}
