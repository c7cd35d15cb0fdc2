import { join } from 'node:path'
import type { BlobInfo } from '../blob-store.ts'
import { isValidKey } from '../key.ts'
import { isAbsent, toBlobError } from './errors.ts'
import type { FileSystem, FolderEntry } from './file-system.ts'

interface Listing {
  readonly fs: FileSystem
  readonly root: string
  /** The folder the prefix leads to, "" or ending in "/". */
  readonly start: string
  readonly prefix: string
  readonly signal: AbortSignal | undefined
}

/** Walks folders one at a time without collecting them. What vanishes meanwhile is left out. */
export const listObjects = (listing: Listing): AsyncGenerator<BlobInfo> => listFolder(listing, listing.start)

async function* listFolder(listing: Listing, folder: string): AsyncGenerator<BlobInfo> {
  for await (const entry of entriesOf(listing, folder)) {
    listing.signal?.throwIfAborted()
    const key = folder + entry.name
    if (!isValidKey(key) || !key.startsWith(listing.prefix)) continue
    if (entry.kind === 'folder') {
      yield* listFolder(listing, `${key}/`)
      continue
    }
    if (entry.kind !== 'file') continue
    const info = await describe(listing, key)
    if (info !== undefined) yield info
  }
}

async function* entriesOf(listing: Listing, folder: string): AsyncGenerator<FolderEntry> {
  try {
    yield* listing.fs.list(join(listing.root, folder))
  } catch (error) {
    if (!isAbsent(error)) throw toBlobError(error, 'listing blobs')
  }
}

const describe = async (listing: Listing, key: string): Promise<BlobInfo | undefined> => {
  try {
    const { size, modifiedAt } = await listing.fs.lstat(join(listing.root, key))
    return { key, size, modifiedAt }
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw toBlobError(error, 'listing blobs')
  }
}
