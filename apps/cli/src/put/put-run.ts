import type { CairnClient } from '@cairn/client'
import type { Budget } from '../concurrency/budget.ts'
import type { Progress } from '../terminal/progress.ts'
import type { ChunkCutters } from './chunk-cutters.ts'
import type { FolderRef } from './folder-maker.ts'
import type { PutReport } from './report.ts'
import type { UploadSession } from './upload-session.ts'

/** One `put`, as its parts see it. */
export interface PutRun {
  readonly client: CairnClient
  readonly drive: string
  readonly signal: AbortSignal
  readonly jobs: number
  /** Bytes of content held in memory. */
  readonly memory: Budget
  readonly cutters: ChunkCutters
  readonly upload: UploadSession
  readonly uuid: () => string
  readonly report: PutReport
  readonly progress: Progress
  /** Compare the content of files whose size is the same but not the time. */
  readonly checksum: boolean
}

/** A regular file that is to be sent. */
export interface LocalFile {
  /** As shown to the user. */
  readonly path: string
  readonly remote: string
  readonly name: string
  readonly size: number
  readonly mtimeMs: number
  /** Whether a link at `path` is to be followed: only where the user named it. */
  readonly follow: boolean
  readonly parent: FolderRef
  /** There is a file of that name. */
  readonly replaces: boolean
}
