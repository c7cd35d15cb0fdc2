import type { Collected } from './collect.ts'
import type { ConflictPolicy, ItemView, JobRecord, Totals } from './engine/model.ts'
import type { Command, Event } from './engine/protocol.ts'
import { createSpeedMeter } from './speed.ts'

export interface UploadsSnapshot {
  /** In the order they were added. */
  readonly items: readonly ItemView[]
  readonly totals: Totals
  readonly perSecond: number
  /** Files found so far in a folder that is being read. */
  readonly reading: number | undefined
  /** Of an earlier visit; the page may ask for permission to read them. */
  readonly handles: readonly FileSystemFileHandle[]
  /** Not found among the files that were chosen again. */
  readonly missing: number
}

export interface Uploads {
  readonly subscribe: (listener: () => void) => () => void
  readonly snapshot: () => UploadsSnapshot
  start(userId: string): void
  add(target: UploadTarget, collected: Collected): void
  reading(found: number | undefined): void
  attach(collected: Collected): void
  reopen(): Promise<void>
  pause(ids: readonly string[] | 'all'): void
  resume(ids: readonly string[] | 'all'): void
  retry(ids: readonly string[] | 'all'): void
  cancel(ids: readonly string[] | 'all'): void
  resolve(ids: readonly string[], policy: Exclude<ConflictPolicy, 'ask'>, rest: boolean): void
  clear(): void
}

export interface UploadTarget {
  readonly userId: string
  readonly drive: string
  readonly folderId: string
  readonly folderName: string
}

/** Where the queue runs. */
export interface QueuePort {
  send(command: Command): void
  onEvent(listener: (event: Event) => void): void
}

const NO_TOTALS: Totals = {
  items: 0,
  done: 0,
  failed: 0,
  conflicts: 0,
  detached: 0,
  active: 0,
  bytes: 0,
  progress: 0,
  known: 0,
  paused: false,
  waiting: false
}

export interface UploadsOptions {
  readonly port: QueuePort
  readonly now: () => number
  /** Files became visible. */
  readonly onCommitted: () => void
  readonly onSignedOut: () => void
}

/** The page's side of the upload queue. */
export const createUploads = ({ port, now, onCommitted, onSignedOut }: UploadsOptions): Uploads => {
  const listeners = new Set<() => void>()
  const items = new Map<string, ItemView>()
  const meter = createSpeedMeter()
  let current: UploadsSnapshot = {
    items: [],
    totals: NO_TOTALS,
    perSecond: 0,
    reading: undefined,
    handles: [],
    missing: 0
  }
  const publish = (change: Partial<UploadsSnapshot>): void => {
    current = { ...current, ...change }
    for (const listener of listeners) listener()
  }

  port.onEvent((event) => {
    switch (event.type) {
      case 'changed':
        for (const id of event.removed) items.delete(id)
        for (const item of event.items) items.set(item.id, item)
        meter.update(event.totals.progress, now())
        publish({ items: [...items.values()], totals: event.totals, perSecond: meter.perSecond })
        return
      case 'committed':
        return onCommitted()
      case 'attached':
        return publish({ missing: event.missing })
      case 'handles':
        return publish({ handles: event.handles })
      case 'signed-out':
        return onSignedOut()
    }
  })

  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    snapshot: () => current,
    start: (userId) => port.send({ type: 'start', userId }),
    add: (target, { items: added, folders }) => {
      if (added.length === 0 && folders.length === 0) return
      const job: JobRecord = { ...target, id: crypto.randomUUID(), folders, policy: 'ask' }
      port.send({ type: 'add', job, items: added })
    },
    reading: (reading) => publish({ reading }),
    attach: ({ items: given }) => port.send({ type: 'attach', items: given }),
    reopen: async () => {
      for (const handle of current.handles) {
        if ((await handle.requestPermission?.({ mode: 'read' })) === 'denied') return
      }
      publish({ handles: [] })
      port.send({ type: 'reopen' })
    },
    pause: (ids) => port.send({ type: 'pause', ids }),
    resume: (ids) => port.send({ type: 'resume', ids }),
    retry: (ids) => port.send({ type: 'retry', ids }),
    cancel: (ids) => port.send({ type: 'cancel', ids }),
    resolve: (ids, policy, rest) => port.send({ type: 'resolve', ids, policy, rest }),
    clear: () => port.send({ type: 'clear' })
  }
}
