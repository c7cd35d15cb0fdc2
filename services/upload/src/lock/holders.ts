import type { Clock } from '@cairn/runtime'

/** A HEAD, DELETE or commit wants the lock now; a PATCH only takes it from a holder that has gone silent. */
export type Urgency = 'urgent' | 'polite'

/** A lock held in this process. */
export interface Holder {
  readonly uploadId: string
  lastActivity: number
  readonly stop: AbortController
}

const SILENT_MS = 1000

/** The locks of this process, to be asked for release by anybody. */
export const createHolders = (clock: Clock) => {
  const held = new Map<string, Holder>()
  return {
    add: (holder: Holder) => held.set(holder.uploadId, holder),
    remove: (holder: Holder) => {
      if (held.get(holder.uploadId) === holder) held.delete(holder.uploadId)
    },
    ask: (uploadId: string, urgency: Urgency) => {
      const holder = held.get(uploadId)
      if (holder === undefined) return
      if (urgency === 'urgent' || clock.now() - holder.lastActivity >= SILENT_MS) holder.stop.abort()
    }
  }
}

export type Holders = ReturnType<typeof createHolders>
