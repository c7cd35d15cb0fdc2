import type { ConflictPolicy, ItemView, JobRecord, Totals } from './model.ts'

export interface NewItem {
  readonly path: string
  readonly name: string
  readonly file: File
  /** Lets a later visit go on without asking for the file; Chromium only. */
  readonly handle?: FileSystemFileHandle | undefined
}

export type Command =
  | { readonly type: 'start'; readonly userId: string }
  | { readonly type: 'add'; readonly job: JobRecord; readonly items: readonly NewItem[] }
  /** Files chosen once more, to go on with what a closed tab left. */
  | { readonly type: 'attach'; readonly items: readonly NewItem[] }
  /** Permission was given: read the files behind the handles. */
  | { readonly type: 'reopen' }
  | { readonly type: 'pause' | 'resume' | 'retry' | 'cancel'; readonly ids: readonly string[] | 'all' }
  | {
      readonly type: 'resolve'
      readonly ids: readonly string[]
      readonly policy: Exclude<ConflictPolicy, 'ask'>
      readonly rest: boolean
    }
  | { readonly type: 'clear' }
  | { readonly type: 'online' }

export type Event =
  | {
      readonly type: 'changed'
      readonly items: readonly ItemView[]
      readonly removed: readonly string[]
      readonly totals: Totals
    }
  /** Files became visible in these folders. */
  | { readonly type: 'committed' }
  | { readonly type: 'attached'; readonly missing: number }
  | { readonly type: 'signed-out' }
  /** Handles of what was left, for which the page may ask permission. */
  | { readonly type: 'handles'; readonly handles: readonly FileSystemFileHandle[] }
