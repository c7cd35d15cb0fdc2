import { createCipheriv, createDecipheriv } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { looksIncompressible } from '@cairn/chunking'
import {
  COMPRESSION_NONE,
  COMPRESSION_ZSTD,
  RECORD_HEADER_LENGTH,
  RECORD_OVERHEAD,
  type RecordHeader,
  readRecordHeader,
  TAG_LENGTH,
  writeRecordHeader
} from '../format/pack.ts'
import { release } from '../format/release.ts'

/** What sealing and opening one chunk takes; plain data, so that it can cross to a worker. */
export interface ChunkCipher {
  readonly vault: Uint8Array
  readonly chunkId: Uint8Array
  /** The chunk's own key. */
  readonly key: Uint8Array
  readonly keyVersion: number
}

const ZSTD_LEVEL = 1
/** Keep the compressed form only if it saves at least this share. */
const WORTH = 0.95

/**
 * Turns `room` (64 bytes of space, then `plainLength` plain bytes, then ≥ 16 bytes of slack) into a pack record in
 * place and returns the record's length.
 */
export const sealInPlace = (room: Buffer, plainLength: number, seal: ChunkCipher & { nonce: Uint8Array }): number => {
  const plain = room.subarray(RECORD_HEADER_LENGTH, RECORD_HEADER_LENGTH + plainLength)
  const packed = compress(plain)
  const payload = packed ?? plain
  const compression = packed ? COMPRESSION_ZSTD : COMPRESSION_NONE
  const cipher = createCipheriv('aes-256-gcm', seal.key, seal.nonce)
  cipher.setAAD(recordAad(seal, compression, plainLength))
  const sealed = cipher.update(payload)
  cipher.final()
  writeRecordHeader(room, {
    compression,
    keyVersion: seal.keyVersion,
    chunkId: seal.chunkId,
    plainLength,
    storedLength: sealed.length + TAG_LENGTH,
    nonce: seal.nonce
  })
  sealed.copy(room, RECORD_HEADER_LENGTH)
  cipher.getAuthTag().copy(room, RECORD_HEADER_LENGTH + sealed.length)
  const recordLength = sealed.length + RECORD_OVERHEAD
  release(sealed)
  if (packed) release(packed)
  return recordLength
}

/** A copy of `plain` as a pack record, for small chunks. */
export const sealCopy = (plain: Uint8Array, seal: ChunkCipher & { nonce: Uint8Array }): Buffer => {
  const room = Buffer.allocUnsafe(plain.length + RECORD_OVERHEAD)
  room.set(plain, RECORD_HEADER_LENGTH)
  return room.subarray(0, sealInPlace(room, plain.length, seal))
}

export type OpenFailure = 'no record' | 'another chunk' | 'not authentic' | 'not decompressible'

/**
 * Decrypts and expands the record at the start of `record`. Authentic means: written by this vault for this
 * chunk id. That the bytes hash to the id is the caller's check. Returns why when it cannot.
 */
export const openRecord = (record: Buffer, open: ChunkCipher, plainLength: number): Buffer | OpenFailure => {
  const header = readRecordHeader(record)
  if (!header || header.storedLength + RECORD_HEADER_LENGTH > record.length) return 'no record'
  if (Buffer.compare(header.chunkId, open.chunkId) !== 0 || header.plainLength !== plainLength) return 'another chunk'
  const payload = decrypt(record, header, open)
  if (!payload) return 'not authentic'
  if (header.compression === COMPRESSION_NONE) return payload.length === plainLength ? payload : 'another chunk'
  try {
    const plain = zstdDecompressSync(payload, { maxOutputLength: plainLength, chunkSize: Math.max(plainLength, 64) })
    release(payload)
    return plain.length === plainLength ? plain : 'not decompressible'
  } catch {
    return 'not decompressible'
  }
}

const decrypt = (record: Buffer, header: RecordHeader, open: ChunkCipher): Buffer | undefined => {
  const end = RECORD_HEADER_LENGTH + header.storedLength - TAG_LENGTH
  const decipher = createDecipheriv('aes-256-gcm', open.key, header.nonce, { authTagLength: TAG_LENGTH })
  decipher.setAAD(recordAad({ ...open, keyVersion: header.keyVersion }, header.compression, header.plainLength))
  decipher.setAuthTag(record.subarray(end, end + TAG_LENGTH))
  const payload = decipher.update(record.subarray(RECORD_HEADER_LENGTH, end))
  try {
    decipher.final()
    return payload
  } catch {
    return undefined
  }
}

const AAD_LABEL = Buffer.from('cairn.chunk.1')

const recordAad = (cipher: ChunkCipher, compression: number, plainLength: number): Buffer => {
  const aad = Buffer.allocUnsafe(AAD_LABEL.length + 16 + 32 + 7)
  AAD_LABEL.copy(aad, 0)
  aad.set(cipher.vault, AAD_LABEL.length)
  aad.set(cipher.chunkId, AAD_LABEL.length + 16)
  aad.writeUInt16LE(cipher.keyVersion, AAD_LABEL.length + 48)
  aad.writeUInt8(compression, AAD_LABEL.length + 50)
  aad.writeUInt32LE(plainLength, AAD_LABEL.length + 51)
  return aad
}

const compress = (plain: Buffer): Buffer | undefined => {
  if (plain.length < 128 || looksIncompressible(plain)) return undefined
  const packed = zstdCompressSync(plain, {
    params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
    chunkSize: Math.max(1024, plain.length + (plain.length >> 8) + 512)
  })
  return packed.length <= plain.length * WORTH ? packed : undefined
}
