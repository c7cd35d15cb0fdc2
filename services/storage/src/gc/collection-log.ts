import type { Clock } from '@cairn/runtime'
import type { CollectionReport } from './collect.ts'

/** What this process knows of its collections, for operators. */
export interface CollectionState {
  readonly running: boolean
  readonly lastStartedAt: number | null
  readonly lastFinishedAt: number | null
  readonly lastError: string | null
  /** When the next one is due; null before the first was planned. */
  readonly nextAt: number | null
  /** Of the last round, over all vaults. */
  readonly deletedPacks: number
  readonly condemnedChunks: number
}

export interface CollectionLog {
  readonly state: CollectionState
  plan(inMs: number): void
  /** One round over all vaults; what it collects is told to `note`. */
  round<T>(work: (note: (report: CollectionReport) => void) => Promise<T>): Promise<T>
}

export const createCollectionLog = (clock: Clock): CollectionLog => {
  let running = 0
  let state: Omit<CollectionState, 'running'> = {
    lastStartedAt: null,
    lastFinishedAt: null,
    lastError: null,
    nextAt: null,
    deletedPacks: 0,
    condemnedChunks: 0
  }
  return {
    get state() {
      return { ...state, running: running > 0 }
    },
    plan: (inMs) => {
      state = { ...state, nextAt: clock.now() + inMs }
    },
    round: async (work) => {
      running += 1
      let [deletedPacks, condemnedChunks] = [0, 0]
      state = { ...state, lastStartedAt: clock.now() }
      let lastError: string | null = null
      try {
        return await work((report) => {
          deletedPacks += report.deletedPacks
          condemnedChunks += report.condemnedChunks
        })
      } catch (error) {
        lastError = error instanceof Error ? error.name : 'Error'
        throw error
      } finally {
        running -= 1
        state = { ...state, lastFinishedAt: clock.now(), lastError, deletedPacks, condemnedChunks }
      }
    }
  }
}
