import { encodeFrames, type IdHasher } from '@cairn/chunking'
import type { CairnClient, OperationResult } from '@cairn/client'
import type { ConflictPolicy } from './model.ts'
import { UploadRefused } from './refused.ts'

/** Files up to this size travel whole, many in one request, with the operation that makes them visible. */
export const MAX_SMALL_BYTES = 256 * 1024
const MAX_FILES = 500
const MAX_BYTES = 15 * 1024 * 1024

export interface SmallFile {
  readonly opId: string
  readonly parentId: string
  readonly name: string
  readonly mtimeMs: number
  readonly policy: ConflictPolicy
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** How many of these, from the first one on, fit into one request; at least one. */
export const fitting = (sizes: readonly number[]): number => {
  let bytes = 0
  let files = 0
  for (const size of sizes) {
    bytes += size
    if (files >= MAX_FILES || (files > 0 && bytes > MAX_BYTES)) break
    files += 1
  }
  return files
}

export const readSmall = async (file: Blob): Promise<Uint8Array<ArrayBuffer>> => {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch (error) {
    throw new UploadRefused(
      error instanceof DOMException && error.name === 'NotReadableError' ? 'changed' : 'unreadable',
      ''
    )
  }
}

export const onConflictOf = (policy: ConflictPolicy): 'version' | 'rename' | 'fail' =>
  policy === 'version' || policy === 'rename' ? policy : 'fail'

/** Results in the order of the files. Repeatable: each operation carries its id. */
export const sendSmall = (
  { client, hasher, signal }: { readonly client: CairnClient; readonly hasher: IdHasher; readonly signal: AbortSignal },
  drive: string,
  files: readonly SmallFile[]
): Promise<readonly OperationResult[]> => {
  const filled = files.filter(({ bytes }) => bytes.length > 0)
  const frames = filled.map(({ bytes }) => ({ wireId: hasher.hash(bytes), bytes }))
  let frame = 0
  const ops = files.map(({ opId, parentId, name, mtimeMs, policy, bytes }) => ({
    op: 'put',
    opId,
    parentId,
    name,
    ...(bytes.length === 0 ? {} : { frame: frame++ }),
    mtime: mtimeMs,
    onConflict: onConflictOf(policy)
  }))
  const body = encodeFrames(frames, { operations: { ops } }) as Uint8Array<ArrayBuffer>[]
  return client.uploads.batch(drive, body, { signal })
}
