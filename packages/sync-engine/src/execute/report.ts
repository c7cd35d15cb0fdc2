import { type Failure, FolderError } from './ports.ts'

/** What came of one round. */
export interface RoundReport {
  /** Actions that changed something. */
  readonly done: number
  readonly failures: readonly Failure[]
}

export class Round {
  done = 0
  readonly failures: Failure[] = []
  /** Folders made in this round, by the local path they were made from. */
  readonly made = new Map<string, string>()

  fail(path: string, error: unknown): void {
    if (!(error instanceof FolderError)) throw error
    this.failures.push({ path, code: error.code, detail: error.message })
  }
}
