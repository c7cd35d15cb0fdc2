import type { Node } from '@cairn/client'
import type { Budget } from '../concurrency/budget.ts'
import type { RemoteDrive } from '../remote/lookup.ts'
import type { Progress } from '../terminal/progress.ts'
import type { GetReport } from './report.ts'
import type { TargetFolder } from './target-folder.ts'

/** One `get`, as its parts see it. */
export interface GetRun {
  readonly remote: RemoteDrive
  readonly os: NodeJS.Platform
  readonly jobs: number
  /** Transfers at once, of all files together. */
  readonly connections: Budget
  readonly report: GetReport
  readonly progress: Progress
  /** Leave local files that differ as they are. */
  readonly noClobber: boolean
}

/** A file to be fetched, and where to. */
export interface Download {
  readonly node: Node
  /** Path on the server. */
  readonly remote: string
  readonly folder: TargetFolder
  /** From localName. */
  readonly name: string
  /** A certain version instead of the current one. */
  readonly version?: { readonly id: string; readonly size: number; readonly mtime: string }
}
