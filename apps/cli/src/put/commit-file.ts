import type { CommittedNode, UploadRef } from '@cairn/client'
import { applied } from './operation-error.ts'
import type { PutRun } from './put-run.ts'
import type { ChunkRef } from './send-content.ts'

export interface FileCommit {
  readonly parentId: string
  readonly name: string
  readonly chunks: readonly ChunkRef[]
  /** Milliseconds since the epoch. */
  readonly mtime: number
}

/** Makes sent chunks a file, or the next version of the one that is there. */
export async function commitFile(run: PutRun, upload: UploadRef, file: FileCommit): Promise<CommittedNode> {
  const files = [{ opId: run.uuid(), onConflict: 'version' as const, ...file }]
  const results = await run.client.uploads.commit(upload, { files }, { signal: run.signal })
  return applied(results[0])
}
