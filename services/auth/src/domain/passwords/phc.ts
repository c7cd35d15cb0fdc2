/** What one argon2id run costs. */
export interface Argon2Cost {
  readonly memoryKiB: number
  readonly passes: number
}

/** A stored hash: `$argon2id$v=19$m=65536,t=2,p=1$salt$hash`, unpadded base64. */
export interface PasswordHash extends Argon2Cost {
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,4}),p=1\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{22,86})$/

/** Undefined when it is not a hash of ours. */
export const parsePhc = (text: string): PasswordHash | undefined => {
  const [, memory, passes, salt, hash] = PHC.exec(text) ?? []
  if (memory === undefined || passes === undefined || salt === undefined || hash === undefined) return undefined
  return {
    memoryKiB: Number(memory),
    passes: Number(passes),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64')
  }
}

export const formatPhc = ({ memoryKiB, passes, salt, hash }: PasswordHash): string =>
  `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${base64(salt)}$${base64(hash)}`

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
