import { createHash } from 'node:crypto'
import type { PrefixCrc } from '../src/checksums/seal-crc.ts'
import { arrange, type ListedNode } from '../src/layout/arrange.ts'
import { layOut } from '../src/layout/lay-out.ts'
import { archiveBytes } from '../src/stream/archive-bytes.ts'
import type { ArchiveSource } from '../src/stream/source.ts'

/** An archive whose contents are made up as they are read. */
export interface TestArchive {
  readonly size: number
  readonly paths: readonly string[]
  /** CRCs that survive a download; clear it to forget them. */
  readonly checksums: Map<string, PrefixCrc>
  /** Bytes of content that were read. */
  readonly read: { bytes: number }
  bytes(start?: number, end?: number): AsyncGenerator<Uint8Array>
}

const STEP = 1024 * 1024

/** A megabyte that repeats: any byte of a content, without keeping it. */
const blockOf = (versionId: string): Buffer => Buffer.alloc(STEP, createHash('sha512').update(versionId).digest())

export const createTestArchive = (nodes: readonly ListedNode[]): TestArchive => {
  const entries = arrange(nodes)
  const layout = layOut(entries)
  const checksums = new Map<string, PrefixCrc>()
  const read = { bytes: 0 }
  const source: ArchiveSource = {
    pages: async function* (by, from) {
      const begin = by === 'first_offset' ? 'offset' : 'directoryOffset'
      const first = layout.pages.findLastIndex((page) => page[begin] <= from)
      yield* layout.pages.slice(Math.max(first, 0))
    },
    grant: async (versionIds) => new Map(versionIds.map((id) => [id, Buffer.from(id)])),
    read: async function* (manifestId, start, end) {
      const block = blockOf(Buffer.from(manifestId).toString())
      for (let at = start; at < end; ) {
        const from = at % STEP
        const part = block.subarray(from, Math.min(STEP, from + end - at))
        read.bytes += part.length
        at += part.length
        yield part
      }
    },
    checksums: {
      known: async (versionIds) =>
        new Map(
          versionIds.flatMap((id) => {
            const prefix = checksums.get(id)
            return prefix === undefined ? [] : [[id, prefix]]
          })
        ),
      note: async (versionId, prefix) => void checksums.set(versionId, prefix),
      flush: async () => undefined
    }
  }
  return {
    size: layout.size,
    paths: entries.map((entry) => entry.path),
    checksums,
    read,
    bytes: (start = 0, end = layout.size) => archiveBytes(source, layout, { start, end })
  }
}

export const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of bytes) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

export const MTIME = Date.UTC(2024, 1, 29, 12, 34, 56)

/** Contents by path; a path that ends in a slash is a folder. */
export const nodesOf = (tree: Readonly<Record<string, number>>): ListedNode[] =>
  Object.entries(tree).map(([path, size]) => {
    const parts = path.replace(/\/$/, '').split('/')
    return {
      nodeId: parts.join('/'),
      parentId: parts.slice(0, -1).join('/'),
      name: parts.at(-1) ?? '',
      versionId: path.endsWith('/') ? '' : `version of ${path}`,
      size,
      mtimeMs: MTIME
    }
  })
