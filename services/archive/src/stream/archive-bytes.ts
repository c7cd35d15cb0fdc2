import type { ByteRange } from '@cairn/http'
import type { Ticket } from '../store/tickets.ts'
import { endRecords } from '../zip/end-records.ts'
import { clip } from './clip.ts'
import { pageDirectory } from './directory.ts'
import { pageRecords } from './records.ts'
import type { ArchiveSource } from './source.ts'

export type ArchiveShape = Pick<Ticket, 'entries' | 'directoryOffset' | 'directorySize'>

/**
 * Bytes of an archive: always the same for the same ticket, whatever range is asked for. A yielded buffer is valid
 * until the next is asked for.
 */
export async function* archiveBytes(
  source: ArchiveSource,
  shape: ArchiveShape,
  range: ByteRange
): AsyncGenerator<Uint8Array> {
  const { entries, directoryOffset, directorySize } = shape
  const directoryEnd = directoryOffset + directorySize
  try {
    if (range.start < directoryOffset) {
      for await (const page of source.pages('first_offset', range.start)) {
        if (page.offset >= range.end) break
        yield* pageRecords(source, page, range)
      }
    }
    if (range.end > directoryOffset && range.start < directoryEnd) {
      for await (const page of source.pages('directory_offset', Math.max(range.start, directoryOffset))) {
        if (page.directoryOffset >= range.end) break
        yield* clip(await pageDirectory(source, page), page.directoryOffset, range)
      }
    }
    yield* clip(endRecords({ entries, offset: directoryOffset, size: directorySize }), directoryEnd, range)
  } finally {
    await source.checksums.flush()
  }
}
