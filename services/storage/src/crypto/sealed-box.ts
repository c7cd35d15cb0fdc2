import { createCipheriv, createDecipheriv } from 'node:crypto'

const NONCE = 12
const TAG = 16

/** AES-256-GCM of a small value: nonce ‖ ciphertext ‖ tag. */
export const sealBox = (key: Uint8Array, nonce: Uint8Array, box: { plain: Uint8Array; aad: Uint8Array }): Buffer => {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(box.aad)
  return Buffer.concat([nonce, cipher.update(box.plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws when the box was made with another key or for another place, or was altered. */
export const openBox = (key: Uint8Array, box: Uint8Array, aad: Uint8Array): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(aad)
  decipher.setAuthTag(box.subarray(box.length - TAG))
  return Buffer.concat([decipher.update(box.subarray(NONCE, box.length - TAG)), decipher.final()])
}
