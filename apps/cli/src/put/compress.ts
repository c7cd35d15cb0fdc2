import { constants, zstdCompressSync } from 'node:zlib'
import { looksIncompressible } from '@cairn/chunking'

const WORTH_IT = 0.95
const TINY = 256
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** zstd of a chunk where it makes it at least 5 % smaller. */
export function compressChunk(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < TINY || looksIncompressible(bytes)) return undefined
  const compressed = zstdCompressSync(bytes, OPTIONS)
  return compressed.length < bytes.length * WORTH_IT ? compressed : undefined
}
