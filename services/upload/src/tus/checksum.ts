import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { CairnError } from '@cairn/contracts'
import { badRequest } from '../errors.ts'

const DIGEST_BYTES = { sha1: 20, md5: 16, sha256: 32, crc32: 4 } as const

export type ChecksumAlgorithm = keyof typeof DIGEST_BYTES

export const CHECKSUM_ALGORITHMS = Object.keys(DIGEST_BYTES) as ChecksumAlgorithm[]

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly digest: Buffer
}

/** `Upload-Checksum: <algorithm> <base64 digest>`. */
export const parseChecksum = (header: unknown): Checksum | undefined => {
  if (header === undefined) return undefined
  const match = typeof header === 'string' ? /^([a-z0-9-]{1,20}) ([A-Za-z0-9+/]{1,100}={0,2})$/.exec(header) : null
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === match?.[1])
  if (algorithm === undefined) throw badRequest(`Upload-Checksum takes one of ${CHECKSUM_ALGORITHMS.join(', ')}.`)
  const digest = Buffer.from(match?.[2] ?? '', 'base64')
  if (digest.length !== DIGEST_BYTES[algorithm]) throw badRequest('The digest has another length than its algorithm.')
  return { algorithm, digest }
}

/** The same bytes; after the last one throws `checksum_mismatch` unless they match. */
export async function* verifyChecksum(
  body: AsyncIterable<Uint8Array>,
  checksum: Checksum
): AsyncGenerator<Uint8Array, void> {
  const hasher = createHasher(checksum.algorithm)
  for await (const bytes of body) {
    hasher.update(bytes)
    yield bytes
  }
  if (!hasher.digest().equals(checksum.digest)) {
    throw new CairnError('checksum_mismatch', 'The content does not match its checksum; nothing of it was kept.')
  }
}

interface Hasher {
  update(bytes: Uint8Array): void
  digest(): Buffer
}

const createHasher = (algorithm: ChecksumAlgorithm): Hasher => {
  if (algorithm !== 'crc32') {
    const hash = createHash(algorithm)
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
  }
  let value = 0
  return {
    update: (bytes) => {
      value = crc32(bytes, value)
    },
    digest: () => {
      const digest = Buffer.alloc(4)
      digest.writeUInt32BE(value)
      return digest
    }
  }
}
