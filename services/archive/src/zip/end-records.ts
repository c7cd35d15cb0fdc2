import { ZIP64_COUNT_FROM, ZIP64_FROM } from './entry.ts'

export interface Directory {
  readonly entries: number
  readonly offset: number
  readonly size: number
}

const END_LENGTH = 22
const ZIP64_END_LENGTH = 56
const LOCATOR_LENGTH = 20
const ZIP64_VERSION = 45

const needsZip64 = ({ entries, offset, size }: Directory): boolean =>
  entries >= ZIP64_COUNT_FROM || offset >= ZIP64_FROM || size >= ZIP64_FROM

export const endLength = (directory: Directory): number =>
  END_LENGTH + (needsZip64(directory) ? ZIP64_END_LENGTH + LOCATOR_LENGTH : 0)

/** What follows the directory. */
export const endRecords = (directory: Directory): Buffer =>
  needsZip64(directory) ? Buffer.concat([zip64End(directory), locator(directory), end(directory)]) : end(directory)

const zip64End = ({ entries, offset, size }: Directory): Buffer => {
  const record = Buffer.alloc(ZIP64_END_LENGTH)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(BigInt(ZIP64_END_LENGTH - 12), 4)
  record.writeUInt16LE((3 << 8) | ZIP64_VERSION, 12)
  record.writeUInt16LE(ZIP64_VERSION, 14)
  record.writeBigUInt64LE(BigInt(entries), 24)
  record.writeBigUInt64LE(BigInt(entries), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  return record
}

const locator = ({ offset, size }: Directory): Buffer => {
  const record = Buffer.alloc(LOCATOR_LENGTH)
  record.writeUInt32LE(0x07064b50, 0)
  record.writeBigUInt64LE(BigInt(offset + size), 8)
  record.writeUInt32LE(1, 16)
  return record
}

const end = ({ entries, offset, size }: Directory): Buffer => {
  const record = Buffer.alloc(END_LENGTH)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(Math.min(entries, ZIP64_COUNT_FROM), 8)
  record.writeUInt16LE(Math.min(entries, ZIP64_COUNT_FROM), 10)
  record.writeUInt32LE(Math.min(size, ZIP64_FROM), 12)
  record.writeUInt32LE(Math.min(offset, ZIP64_FROM), 16)
  return record
}
