import { endLength } from '../zip/end-records.ts'
import { centralHeaderLength, recordLength } from '../zip/entry-header.ts'
import type { ArchiveEntry } from './arrange.ts'

/** A run of members, with where their records and their directory headers begin. */
export interface LayoutPage {
  readonly pageNo: number
  readonly offset: number
  readonly directoryOffset: number
  readonly entries: readonly ArchiveEntry[]
}

export interface Layout {
  readonly pages: readonly LayoutPage[]
  readonly entries: number
  readonly directoryOffset: number
  readonly directorySize: number
  /** Of the whole archive. */
  readonly size: number
}

export const PAGE_ENTRIES = 1000

/** Where every byte of the archive will be. */
export const layOut = (entries: readonly ArchiveEntry[]): Layout => {
  const cuts: { offset: number; directorySize: number; entries: readonly ArchiveEntry[] }[] = []
  let offset = 0
  let directorySize = 0
  for (let at = 0; at < entries.length; at += PAGE_ENTRIES) {
    const part = entries.slice(at, at + PAGE_ENTRIES)
    cuts.push({ offset, directorySize, entries: part })
    for (const entry of part) {
      directorySize += centralHeaderLength(entry, offset)
      offset += recordLength(entry)
    }
  }
  const directory = { entries: entries.length, offset, size: directorySize }
  return {
    pages: cuts.map((cut, pageNo) => ({
      pageNo,
      offset: cut.offset,
      directoryOffset: offset + cut.directorySize,
      entries: cut.entries
    })),
    entries: entries.length,
    directoryOffset: offset,
    directorySize,
    size: offset + directorySize + endLength(directory)
  }
}
