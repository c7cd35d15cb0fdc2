import type { Checksums } from '../checksums/checksums.ts'
import type { LayoutPage } from '../layout/lay-out.ts'

/** What an archive is made of. */
export interface ArchiveSource {
  /** Pages in order from the one that holds byte `from`: by their records, or by their directory headers. */
  pages(by: 'first_offset' | 'directory_offset', from: number): AsyncIterable<LayoutPage>
  /** Manifest by version id; rejects unless every one of them may be read now. */
  grant(versionIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>
  /** Verified bytes [start, end) of a content; a buffer is valid until the next is asked for. */
  read(manifestId: Uint8Array, start: number, end: number): AsyncIterable<Uint8Array>
  readonly checksums: Checksums
}
