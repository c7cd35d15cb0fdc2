import { crc32 } from 'node:zlib'
import { uuidToBytes } from './uuid.ts'

export const PACK_HEADER_LENGTH = 48
export const RECORD_HEADER_LENGTH = 64
export const TAG_LENGTH = 16
export const RECORD_OVERHEAD = RECORD_HEADER_LENGTH + TAG_LENGTH

const PACK_MAGIC = Buffer.from('CRNPACK1')
const RECORD_MAGIC = Buffer.from('CRN1')
const TRAILER_MAGIC = Buffer.from('CRNTRAIL')
const TRAILER_ENTRY = 40
const TRAILER_TAIL = 16

export const COMPRESSION_NONE = 0
export const COMPRESSION_ZSTD = 1

export interface RecordHeader {
  readonly compression: number
  readonly keyVersion: number
  readonly chunkId: Uint8Array
  readonly plainLength: number
  /** Ciphertext and tag. */
  readonly storedLength: number
  readonly nonce: Uint8Array
}

export interface PackEntry {
  readonly chunkId: Uint8Array
  /** Where the record header starts. */
  readonly offset: number
  /** Header, ciphertext and tag. */
  readonly recordLength: number
}

export const packHeader = (vaultId: string, packId: string): Buffer => {
  const header = Buffer.alloc(PACK_HEADER_LENGTH)
  PACK_MAGIC.copy(header, 0)
  header.set(uuidToBytes(vaultId), 8)
  header.set(uuidToBytes(packId), 24)
  return header
}

export const isPackHeader = (bytes: Uint8Array, vaultId: string, packId: string): boolean =>
  bytes.length >= PACK_HEADER_LENGTH && packHeader(vaultId, packId).equals(bytes.subarray(0, PACK_HEADER_LENGTH))

/** Writes the 64-byte record header at the start of `target`. */
export const writeRecordHeader = (target: Buffer, header: RecordHeader): void => {
  RECORD_MAGIC.copy(target, 0)
  target.writeUInt8(header.compression, 4)
  target.writeUInt8(0, 5)
  target.writeUInt16LE(header.keyVersion, 6)
  target.set(header.chunkId, 8)
  target.writeUInt32LE(header.plainLength, 40)
  target.writeUInt32LE(header.storedLength, 44)
  target.set(header.nonce, 48)
  target.fill(0, 60, RECORD_HEADER_LENGTH)
}

/** Undefined when there is no record at the start of `source`. */
export const readRecordHeader = (source: Buffer): RecordHeader | undefined => {
  if (source.length < RECORD_HEADER_LENGTH || source.compare(RECORD_MAGIC, 0, 4, 0, 4) !== 0) return undefined
  return {
    compression: source.readUInt8(4),
    keyVersion: source.readUInt16LE(6),
    chunkId: Uint8Array.prototype.slice.call(source, 8, 40),
    plainLength: source.readUInt32LE(40),
    storedLength: source.readUInt32LE(44),
    nonce: Uint8Array.prototype.slice.call(source, 48, 60)
  }
}

export const packTrailer = (entries: readonly PackEntry[]): Buffer => {
  const body = Buffer.alloc(entries.length * TRAILER_ENTRY + TRAILER_TAIL)
  let at = 0
  for (const entry of entries) {
    body.set(entry.chunkId, at)
    body.writeUInt32LE(entry.offset, at + 32)
    body.writeUInt32LE(entry.recordLength - RECORD_HEADER_LENGTH, at + 36)
    at += TRAILER_ENTRY
  }
  body.writeUInt32LE(entries.length, at)
  body.writeUInt32LE(crc32(body.subarray(0, at + 4)), at + 4)
  TRAILER_MAGIC.copy(body, at + 8)
  return body
}

/** Number of entries announced by the last 16 bytes of a pack, or undefined when they are no trailer. */
export const trailerCount = (tail: Buffer): number | undefined =>
  tail.length === TRAILER_TAIL && tail.compare(TRAILER_MAGIC, 0, 8, 8, 16) === 0 ? tail.readUInt32LE(0) : undefined

export const trailerLength = (count: number): number => count * TRAILER_ENTRY + TRAILER_TAIL

/** Undefined when the trailer is damaged. */
export const readPackTrailer = (trailer: Buffer): PackEntry[] | undefined => {
  const at = trailer.length - TRAILER_TAIL
  if (at < 0 || trailerCount(trailer.subarray(at)) !== at / TRAILER_ENTRY) return undefined
  if (trailer.readUInt32LE(at + 4) !== crc32(trailer.subarray(0, at + 4))) return undefined
  const entries: PackEntry[] = []
  for (let from = 0; from < at; from += TRAILER_ENTRY) {
    entries.push({
      chunkId: Uint8Array.prototype.slice.call(trailer, from, from + 32),
      offset: trailer.readUInt32LE(from + 32),
      recordLength: trailer.readUInt32LE(from + 36) + RECORD_HEADER_LENGTH
    })
  }
  return entries
}

export const packKey = (vaultId: string, packId: string): string => {
  const pack = packId.replaceAll('-', '')
  return `v1/${vaultId.replaceAll('-', '')}/${pack.slice(0, 2)}/${pack}`
}
