import { CairnError, type ReadSource } from '@cairn/contracts'
import { LRUCache } from 'lru-cache'
import type { StorageContext } from '../context.ts'
import { type ChunkEntry, decodeEntries, totalLength } from '../format/chunk-list.ts'
import { hex } from '../format/uuid.ts'
import { type ChunkLocation, locateChunks } from '../store/chunks.ts'
import { readManifest, readPageAt } from '../store/manifests.ts'

/** A page of a manifest and where its chunks lie. Manifests never change; locations may, by compaction. */
export interface LocatedPage {
  readonly firstOffset: number
  readonly end: number
  readonly entries: readonly ChunkEntry[]
  readonly locations: ReadonlyMap<string, ChunkLocation>
}

/** Finds the pages of contents; hot ones stay in memory. */
export interface PageLocator {
  pageAt(source: ReadSource, offset: number): Promise<LocatedPage>
  /** The page as the database says now, after a read found its chunk elsewhere or damaged. */
  refresh(source: ReadSource, offset: number): Promise<LocatedPage>
}

/** Chunks of cached pages: at ~200 bytes each, some 20 MB. */
const CACHED_CHUNKS = 100_000

export const createPageLocator = (context: StorageContext): PageLocator => {
  const cache = new LRUCache<string, LocatedPage>({
    maxSize: CACHED_CHUNKS,
    sizeCalculation: (page) => page.entries.length + 1
  })
  const keyOf = (source: ReadSource, pageNo: number): string => `${source.vaultId}/${hex(source.manifestId)}/${pageNo}`
  const cached = (source: ReadSource, offset: number): LocatedPage | undefined => {
    const first = cache.get(keyOf(source, 0))
    return first && offset < first.end ? first : undefined
  }
  const load = async (source: ReadSource, offset: number): Promise<LocatedPage> => {
    const page = await loadPage(context, source, offset)
    if (page.firstOffset === 0) cache.set(keyOf(source, 0), page)
    return page
  }
  return {
    pageAt: async (source, offset) => cached(source, offset) ?? load(source, offset),
    refresh: load
  }
}

const loadPage = async (context: StorageContext, source: ReadSource, offset: number): Promise<LocatedPage> => {
  const db = context.database.query
  const manifest = await readManifest(db, source.vaultId, source.manifestId)
  if (!manifest) throw new CairnError('content_damaged', 'This content has no manifest.')
  const page = manifest.entries
    ? { firstOffset: 0, entries: manifest.entries }
    : await readPageAt(db, source.vaultId, { manifestId: source.manifestId, offset })
  if (!page) throw new CairnError('content_damaged', 'A page of this content is missing.')
  const entries = decodeEntries(page.entries)
  const locations = await locateChunks(
    db,
    source.vaultId,
    entries.map((entry) => entry.chunkId)
  )
  return { firstOffset: page.firstOffset, end: page.firstOffset + totalLength(entries), entries, locations }
}
