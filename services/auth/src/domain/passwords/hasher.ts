import { argon2, timingSafeEqual } from 'node:crypto'
import type { Random } from '@cairn/runtime'
import { createGate } from './gate.ts'
import { type Argon2Cost, formatPhc, type PasswordHash, parsePhc } from './phc.ts'

export interface PasswordHasher {
  /** PHC string of a password. Throws `unavailable` when too many are being hashed. */
  hash(password: string): Promise<string>
  /** `stored` null or unreadable: costs the same and is false. */
  verify(password: string, stored: string | null): Promise<Verdict>
}

export interface Verdict {
  readonly ok: boolean
  /** Made with less effort than is configured now: hash again while the password is at hand. */
  readonly outdated: boolean
}

export interface PasswordHasherOptions extends Argon2Cost {
  readonly concurrency: number
  readonly maxWaiting: number
  readonly random: Random
}

const SALT_BYTES = 16
const HASH_BYTES = 32

export const createPasswordHasher = (options: PasswordHasherOptions): PasswordHasher => {
  const gate = createGate(options)
  const { memoryKiB, passes } = options
  const nobody: PasswordHash = { memoryKiB, passes, salt: new Uint8Array(SALT_BYTES), hash: new Uint8Array(HASH_BYTES) }

  return {
    hash: async (password) => {
      const salt = options.random.bytes(SALT_BYTES)
      const fresh = { memoryKiB, passes, salt, hash: new Uint8Array(HASH_BYTES) }
      return formatPhc({ ...fresh, hash: await gate(() => derive(password, fresh)) })
    },
    verify: async (password, stored) => {
      const known = stored === null ? undefined : parsePhc(stored)
      const expected = known ?? nobody
      const derived = await gate(() => derive(password, expected))
      const ok = timingSafeEqual(derived, expected.hash) && known !== undefined
      return { ok, outdated: ok && (expected.memoryKiB < memoryKiB || expected.passes < passes) }
    }
  }
}

/** NFKC, so that the same keys on another keyboard give the same password. */
const derive = (password: string, { memoryKiB, passes, salt, hash }: PasswordHash): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const parameters = {
      message: Buffer.from(password.normalize('NFKC'), 'utf8'),
      nonce: salt,
      parallelism: 1,
      tagLength: hash.length,
      memory: memoryKiB,
      passes
    }
    argon2('argon2id', parameters, (error, derived) => (error === null ? resolve(derived) : reject(error)))
  })
