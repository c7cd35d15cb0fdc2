import { crc32 } from 'node:zlib'
import { CairnError } from '@cairn/contracts'
import type { ByteRange } from '@cairn/http'
import type { PrefixCrc } from '../checksums/seal-crc.ts'
import type { ArchiveEntry } from '../layout/arrange.ts'
import type { LayoutPage } from '../layout/lay-out.ts'
import { isWhole } from '../zip/entry.ts'
import { descriptor, localHeader, recordLength } from '../zip/entry-header.ts'
import { clip } from './clip.ts'
import { CrcTracker } from './crc-tracker.ts'
import { readAhead } from './read-ahead.ts'
import type { ArchiveSource } from './source.ts'

const AHEAD = 8
/** How much of a content is read again at most after a crash. */
const NOTE_EVERY = 256 * 1024 * 1024

/** A member where it stands. */
interface Placed {
  readonly entry: ArchiveEntry
  readonly offset: number
}

/** What a page's members were found to be. */
interface Opened {
  readonly manifests: ReadonlyMap<string, Uint8Array>
  readonly known: ReadonlyMap<string, PrefixCrc>
}

/** The records of one page that lie in the range. */
export async function* pageRecords(
  source: ArchiveSource,
  page: LayoutPage,
  range: ByteRange
): AsyncGenerator<Uint8Array> {
  const placed = placedIn(page, range)
  const versionIds = placed.flatMap(({ entry }) => (entry.folder ? [] : [entry.versionId]))
  const opened: Opened = {
    manifests: await source.grant(versionIds),
    known: await source.checksums.known(versionIds)
  }
  const small = ({ entry }: Placed): Promise<Buffer | undefined> =>
    isWhole(entry) ? readWhole(source, entry, opened) : Promise.resolve(undefined)
  for await (const [{ entry, offset }, content] of readAhead(placed, AHEAD, small)) {
    if (content === undefined) yield* largeRecord(source, { entry, offset, opened }, range)
    else {
      const crc = crc32(content)
      if (!entry.folder && opened.known.get(entry.versionId)?.length !== entry.size) {
        await source.checksums.note(entry.versionId, { length: entry.size, crc })
      }
      yield* clip(Buffer.concat([localHeader(entry, crc), content]), offset, range)
    }
  }
}

const placedIn = (page: LayoutPage, range: ByteRange): readonly Placed[] => {
  const placed: Placed[] = []
  let offset = page.offset
  for (const entry of page.entries) {
    const end = offset + recordLength(entry)
    if (end > range.start && offset < range.end) placed.push({ entry, offset })
    offset = end
  }
  return placed
}

const readWhole = async (source: ArchiveSource, entry: ArchiveEntry, opened: Opened): Promise<Buffer> => {
  if (entry.size === 0) return Buffer.alloc(0)
  const parts: Buffer[] = []
  for await (const part of source.read(manifestOf(opened, entry), 0, entry.size)) parts.push(Buffer.from(part))
  const content = Buffer.concat(parts)
  if (content.length !== entry.size) throw wrongLength()
  return content
}

async function* largeRecord(
  source: ArchiveSource,
  { entry, offset, opened }: Placed & { readonly opened: Opened },
  range: ByteRange
): AsyncGenerator<Uint8Array> {
  const manifestId = manifestOf(opened, entry)
  const known = opened.known.get(entry.versionId)
  const tracker = new CrcTracker(known)
  const header = localHeader(entry, 0)
  yield* clip(header, offset, range)
  const begin = offset + header.length
  const within = (position: number): number => Math.min(Math.max(position - begin, 0), entry.size)
  const [from, to] = [within(range.start), within(range.end)]
  let noted = known?.length ?? 0
  const note = async (every: number): Promise<void> => {
    const { prefix } = tracker
    if (prefix.length - noted < every) return
    noted = prefix.length
    await source.checksums.note(entry.versionId, prefix)
  }
  try {
    let position = from
    for await (const bytes of from < to ? source.read(manifestId, from, to) : []) {
      tracker.see(position, bytes)
      position += bytes.length
      await note(NOTE_EVERY)
      yield bytes
    }
    if (position !== to && from < to) throw wrongLength()
    if (range.end > begin + entry.size) {
      const crc = await completeCrc(source, { entry, manifestId, tracker })
      yield* clip(descriptor(entry, crc), begin + entry.size, range)
    }
  } finally {
    await note(1)
  }
}

export interface Unfinished {
  readonly entry: ArchiveEntry
  readonly manifestId: Uint8Array
  readonly tracker: CrcTracker
}

/** Reads what the CRC still lacks. */
export const completeCrc = async (
  source: ArchiveSource,
  { entry, manifestId, tracker }: Unfinished
): Promise<number> => {
  let position = tracker.prefix.length
  if (position < entry.size) {
    let noted = position
    for await (const bytes of source.read(manifestId, position, entry.size)) {
      tracker.see(position, bytes)
      position += bytes.length
      if (position - noted >= NOTE_EVERY) {
        noted = position
        await source.checksums.note(entry.versionId, tracker.prefix)
      }
    }
  }
  if (tracker.prefix.length !== entry.size) throw wrongLength()
  return tracker.prefix.crc
}

const manifestOf = ({ manifests }: Opened, entry: ArchiveEntry): Uint8Array => {
  const manifestId = manifests.get(entry.versionId)
  if (manifestId === undefined) throw new Error(`version ${entry.versionId} was not granted`)
  return manifestId
}

const wrongLength = (): CairnError => new CairnError('content_damaged', 'A content has not the length it should have.')
