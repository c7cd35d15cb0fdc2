import { createCipheriv, createDecipheriv } from 'node:crypto'

/** The CRC-32 of the first `length` bytes of a content. */
export interface PrefixCrc {
  readonly length: number
  readonly crc: number
}

export interface CrcPlace {
  readonly vaultId: string
  readonly versionId: string
}

const NONCE = 12
const TAG = 16

const aad = (place: CrcPlace, length: number): Buffer =>
  Buffer.from(`cairn.checksum.1 ${place.vaultId} ${place.versionId} ${length}`)

/** A CRC tells whether a guessed content is the right one: it is kept as secret as the content. */
export const sealCrc = (key: Uint8Array, nonce: Uint8Array, { place, prefix }: SealedParts): Buffer => {
  const plain = Buffer.alloc(4)
  plain.writeUInt32LE(prefix.crc)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(aad(place, prefix.length))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

interface SealedParts {
  readonly place: CrcPlace
  readonly prefix: PrefixCrc
}

/** Undefined when it was altered or sealed elsewhere: it is computed again then. */
export const openCrc = (
  key: Uint8Array,
  sealed: Uint8Array,
  { place, length }: { readonly place: CrcPlace; readonly length: number }
): PrefixCrc | undefined => {
  if (sealed.length !== NONCE + 4 + TAG) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(aad(place, length))
  decipher.setAuthTag(sealed.subarray(-TAG))
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()])
    return { length, crc: plain.readUInt32LE() }
  } catch {
    return undefined
  }
}
