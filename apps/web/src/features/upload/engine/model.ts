/** States of one file on its way; docs/web.md draws them. */
export type ItemState =
  | 'queued'
  | 'sending'
  | 'committing'
  | 'paused'
  | 'conflict'
  | 'failed'
  | 'detached'
  | 'done'
  | 'unchanged'
  | 'skipped'

/** What to do when the name is taken; `ask` stops and asks. */
export type ConflictPolicy = 'ask' | 'version' | 'rename' | 'skip'

export interface ItemError {
  readonly code: string
  readonly detail: string
}

/** Kept across visits. */
export interface ItemRecord {
  /** Also the operation's id, so that a repeat after a lost answer has no second effect. */
  id: string
  readonly jobId: string
  /** Folders below the job's target, '' = the target itself. */
  readonly path: string
  readonly name: string
  readonly size: number
  readonly mtimeMs: number
  state: ItemState
  policy: ConflictPolicy
  opId: string
  error?: ItemError
}

export interface JobRecord {
  readonly id: string
  readonly drive: string
  readonly folderId: string
  readonly folderName: string
  /** Below the target, parents before children; empty ones included. */
  readonly folders: readonly string[]
  /** Whose upload it is: somebody else may sign in on this machine. */
  readonly userId: string
  policy: ConflictPolicy
}

/** What the page shows. */
export interface ItemView {
  readonly id: string
  readonly jobId: string
  readonly name: string
  readonly path: string
  readonly size: number
  readonly state: ItemState
  /** Bytes that need not be sent any more. */
  readonly progress: number
  readonly error?: ItemError
}

export interface Totals {
  readonly items: number
  readonly done: number
  readonly failed: number
  readonly conflicts: number
  readonly detached: number
  readonly active: number
  readonly bytes: number
  readonly progress: number
  /** Bytes that did not travel because the server had them. */
  readonly known: number
  readonly paused: boolean
  /** The server does not answer; goes on by itself. */
  readonly waiting: boolean
}

export const isFinal = (state: ItemState): boolean => state === 'done' || state === 'unchanged' || state === 'skipped'

const NEXT: Readonly<Record<ItemState, readonly ItemState[]>> = {
  queued: ['sending', 'paused', 'failed', 'detached'],
  sending: ['committing', 'queued', 'paused', 'failed', 'detached', 'done', 'unchanged', 'skipped', 'conflict'],
  committing: ['done', 'unchanged', 'skipped', 'conflict', 'queued', 'failed', 'paused'],
  paused: ['queued', 'detached'],
  conflict: ['queued', 'skipped'],
  failed: ['queued', 'detached'],
  detached: ['queued'],
  done: [],
  unchanged: [],
  skipped: []
}

/** Whether the state machine knows that step. */
export const mayBecome = (from: ItemState, to: ItemState): boolean => NEXT[from].includes(to)
