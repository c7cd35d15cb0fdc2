import type { LayoutPage } from '../layout/lay-out.ts'
import { centralHeader, recordLength } from '../zip/entry-header.ts'
import { CrcTracker } from './crc-tracker.ts'
import { completeCrc } from './records.ts'
import type { ArchiveSource } from './source.ts'

/** The directory headers of one page. */
export const pageDirectory = async (source: ArchiveSource, page: LayoutPage): Promise<Buffer> => {
  const crcs = await crcsOf(source, page)
  const headers: Buffer[] = []
  let offset = page.offset
  for (const entry of page.entries) {
    headers.push(centralHeader(entry, { crc: crcs.get(entry.versionId) ?? 0, offset }))
    offset += recordLength(entry)
  }
  return Buffer.concat(headers)
}

/** By version id; contents this download has not sent, and none before it, are read for their CRC alone. */
const crcsOf = async (source: ArchiveSource, page: LayoutPage): Promise<ReadonlyMap<string, number>> => {
  const files = page.entries.filter((entry) => entry.size > 0)
  const known = await source.checksums.known(files.map((entry) => entry.versionId))
  const unknown = files.filter((entry) => known.get(entry.versionId)?.length !== entry.size)
  const manifests = await source.grant(unknown.map((entry) => entry.versionId))
  const crcs = new Map([...known].map(([versionId, { crc }]) => [versionId, crc]))
  for (const entry of unknown) {
    const manifestId = manifests.get(entry.versionId) ?? new Uint8Array()
    const tracker = new CrcTracker(known.get(entry.versionId))
    const crc = await completeCrc(source, { entry, manifestId, tracker })
    crcs.set(entry.versionId, crc)
    await source.checksums.note(entry.versionId, { length: entry.size, crc })
  }
  return crcs
}
