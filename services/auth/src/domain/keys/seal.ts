import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '@cairn/runtime'

/** Small secrets at rest: `1 ‖ nonce 12 ‖ ciphertext ‖ tag 16`, AES-256-GCM under a key of one purpose. */
export interface Seal {
  seal(plain: Uint8Array, label: string): Uint8Array
  /** Throws when the bytes were sealed under another key or label, or were changed. */
  open(sealed: Uint8Array, label: string): Uint8Array
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

export const createSeal = (key: Uint8Array, random: Random): Seal => ({
  seal: (plain, label) => {
    const nonce = random.bytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label))
    return Buffer.concat([[VERSION], nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()].map(toBuffer))
  },
  open: (sealed, label) => {
    const bytes = Buffer.from(sealed)
    if (bytes[0] !== VERSION || bytes.length < 1 + NONCE_BYTES + TAG_BYTES) throw new Error('sealed value is malformed')
    const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(label))
      .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()])
  }
})

const toBuffer = (part: Uint8Array | number[]): Buffer => Buffer.from(part)
