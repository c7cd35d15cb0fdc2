import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { ArchiveEntry } from '../layout/arrange.ts'

type Packed = readonly [path: string, versionId: string, size: number, mtimeMs: number]

/** Paths of one folder repeat their beginning: packed, a page is a tenth of its text. */
export const packEntries = (entries: readonly ArchiveEntry[]): Buffer =>
  deflateRawSync(
    JSON.stringify(entries.map(({ path, versionId, size, mtimeMs }): Packed => [path, versionId, size, mtimeMs])),
    { level: 3 }
  )

export const unpackEntries = (bytes: Uint8Array): readonly ArchiveEntry[] =>
  (JSON.parse(inflateRawSync(bytes).toString('utf8')) as readonly Packed[]).map(([path, versionId, size, mtimeMs]) => ({
    path,
    folder: path.endsWith('/'),
    versionId,
    size,
    mtimeMs
  }))
