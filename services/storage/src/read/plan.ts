import type { ReadSource } from '@cairn/contracts'
import type { ChunkEntry } from '../format/chunk-list.ts'
import type { LocatedPage, PageLocator } from './locate.ts'

/** One chunk of a range: bytes [from, to) of it are wanted. */
export interface ChunkRead {
  readonly entry: ChunkEntry
  readonly page: LocatedPage
  /** Position of the chunk's first byte in the content. */
  readonly offset: number
  readonly from: number
  readonly to: number
}

/** The chunks of a range, in order, page by page. */
export async function* planReads(locator: PageLocator, source: ReadSource): AsyncGenerator<ChunkRead> {
  let position = source.start
  while (position < source.end) {
    const page = await locator.pageAt(source, position)
    let offset = page.firstOffset
    for (const entry of page.entries) {
      const end = offset + entry.length
      if (end > position && offset < source.end) {
        yield { entry, page, offset, from: position - offset, to: Math.min(source.end, end) - offset }
        position = Math.min(source.end, end)
      }
      offset = end
    }
    if (position < source.end && position < page.end) throw new RangeError('the range lies outside the content')
    if (page.end <= page.firstOffset) throw new RangeError('the range lies outside the content')
  }
}
