import { dosTime, unixTime } from './dos-time.ts'
import { isWhole, ZIP64_FROM, type ZipEntry } from './entry.ts'

const LOCAL = 0x04034b50
const DESCRIPTOR = 0x08074b50
const CENTRAL = 0x02014b50
const UTF8 = 1 << 11
const WITH_DESCRIPTOR = 1 << 3
const ZIP64_VERSION = 45
const BASE_VERSION = 20
const UNIX = 3 << 8
const FILE_MODE = 0o100644
const FOLDER_MODE = 0o040755
const DOS_FOLDER = 0x10
const TIMESTAMP_LENGTH = 9

const isLarge = (entry: ZipEntry): boolean => entry.size >= ZIP64_FROM

/** Header, content and descriptor together, in bytes. */
export const recordLength = (entry: ZipEntry): number => localHeaderLength(entry) + entry.size + descriptorLength(entry)

export const localHeaderLength = (entry: ZipEntry): number =>
  30 + Buffer.byteLength(entry.path) + TIMESTAMP_LENGTH + (isLarge(entry) ? 20 : 0)

export const descriptorLength = (entry: ZipEntry): number => (isWhole(entry) ? 0 : isLarge(entry) ? 24 : 16)

/** `crc` is ignored where a descriptor follows. Sizes are there either way, see docs/archive.md. */
export const localHeader = (entry: ZipEntry, crc: number): Buffer => {
  const name = Buffer.from(entry.path)
  const extra = [timestamp(entry), ...(isLarge(entry) ? [zip64([entry.size, entry.size])] : [])]
  const head = Buffer.alloc(30)
  head.writeUInt32LE(LOCAL, 0)
  writeCommon(head.subarray(4), entry, crc)
  head.writeUInt16LE(name.length, 26)
  head.writeUInt16LE(totalOf(extra), 28)
  return Buffer.concat([head, name, ...extra])
}

export const descriptor = (entry: ZipEntry, crc: number): Buffer => {
  if (isWhole(entry)) return Buffer.alloc(0)
  const bytes = Buffer.alloc(descriptorLength(entry))
  bytes.writeUInt32LE(DESCRIPTOR, 0)
  bytes.writeUInt32LE(crc, 4)
  if (isLarge(entry)) {
    bytes.writeBigUInt64LE(BigInt(entry.size), 8)
    bytes.writeBigUInt64LE(BigInt(entry.size), 16)
  } else {
    bytes.writeUInt32LE(entry.size, 8)
    bytes.writeUInt32LE(entry.size, 12)
  }
  return bytes
}

export const centralHeaderLength = (entry: ZipEntry, offset: number): number => {
  const wide = (isLarge(entry) ? 16 : 0) + (offset >= ZIP64_FROM ? 8 : 0)
  return 46 + Buffer.byteLength(entry.path) + TIMESTAMP_LENGTH + (wide > 0 ? 4 + wide : 0)
}

export const centralHeader = (entry: ZipEntry, at: { readonly crc: number; readonly offset: number }): Buffer => {
  const name = Buffer.from(entry.path)
  const far = at.offset >= ZIP64_FROM
  const wide = [...(isLarge(entry) ? [entry.size, entry.size] : []), ...(far ? [at.offset] : [])]
  const extra = [timestamp(entry), ...(wide.length > 0 ? [zip64(wide)] : [])]
  const head = Buffer.alloc(46)
  head.writeUInt32LE(CENTRAL, 0)
  head.writeUInt16LE(UNIX | ZIP64_VERSION, 4)
  writeCommon(head.subarray(6), entry, at.crc)
  head.writeUInt16LE(neededVersion(entry, far), 6)
  if (!isWhole(entry)) head.writeUInt32LE(at.crc, 16)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt16LE(totalOf(extra), 30)
  const mode = entry.folder ? FOLDER_MODE : FILE_MODE
  head.writeUInt32LE(mode * 0x10000 + (entry.folder ? DOS_FOLDER : 0), 38)
  head.writeUInt32LE(far ? ZIP64_FROM : at.offset, 42)
  return Buffer.concat([head, name, ...extra])
}

const neededVersion = (entry: ZipEntry, far: boolean): number => (isLarge(entry) || far ? ZIP64_VERSION : BASE_VERSION)

/** From "version needed" to the sizes, 22 bytes: alike in both headers. */
const writeCommon = (into: Buffer, entry: ZipEntry, crc: number): void => {
  const { time, date } = dosTime(entry.mtimeMs)
  const whole = isWhole(entry)
  const size = isLarge(entry) ? ZIP64_FROM : entry.size
  into.writeUInt16LE(neededVersion(entry, false), 0)
  into.writeUInt16LE(whole ? UTF8 : UTF8 | WITH_DESCRIPTOR, 2)
  into.writeUInt16LE(time, 6)
  into.writeUInt16LE(date, 8)
  into.writeUInt32LE(whole ? crc : 0, 10)
  into.writeUInt32LE(size, 14)
  into.writeUInt32LE(size, 18)
}

const timestamp = (entry: ZipEntry): Buffer => {
  const extra = Buffer.alloc(TIMESTAMP_LENGTH)
  extra.writeUInt16LE(0x5455, 0)
  extra.writeUInt16LE(5, 2)
  extra.writeUInt8(1, 4)
  extra.writeInt32LE(unixTime(entry.mtimeMs), 5)
  return extra
}

const zip64 = (values: readonly number[]): Buffer => {
  const extra = Buffer.alloc(4 + 8 * values.length)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8 * values.length, 2)
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index)
  return extra
}

const totalOf = (parts: readonly Buffer[]): number => parts.reduce((sum, part) => sum + part.length, 0)
