import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

/** What a picture is of, and by which rules. */
export interface RenditionName {
  readonly recipe: number
  readonly size: number
  readonly manifestId: Uint8Array
}

const NONCE = 12
const TAG = 16
const LABEL = 'cairn.preview.1'

export const renditionId = (key: Uint8Array, { recipe, size, manifestId }: RenditionName): Buffer => {
  const numbers = Buffer.alloc(4)
  numbers.writeUInt16LE(recipe, 0)
  numbers.writeUInt16LE(size, 2)
  return createHmac('sha256', key).update('rendition').update(numbers).update(manifestId).digest()
}

export interface Place {
  readonly vaultId: string
  readonly renditionId: Uint8Array
}

const aad = ({ vaultId, renditionId: id }: Place): Buffer => Buffer.concat([Buffer.from(`${LABEL} ${vaultId} `), id])

/** nonce ‖ ciphertext ‖ tag. */
export const sealPicture = (key: Uint8Array, nonce: Uint8Array, box: { place: Place; picture: Uint8Array }): Buffer => {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(aad(box.place))
  return Buffer.concat([nonce, cipher.update(box.picture), cipher.final(), cipher.getAuthTag()])
}

/** Undefined when it was altered or belongs elsewhere. */
export const openPicture = (key: Uint8Array, sealed: Uint8Array, place: Place): Buffer | undefined => {
  if (sealed.length < NONCE + TAG) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(aad(place))
  decipher.setAuthTag(sealed.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()])
  } catch {
    return undefined
  }
}
