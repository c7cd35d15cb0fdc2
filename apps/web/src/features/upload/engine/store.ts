import { type DBSchema, openDB } from 'idb'
import type { ItemRecord, JobRecord } from './model.ts'

export interface StoredItem extends ItemRecord {
  readonly handle?: FileSystemFileHandle | undefined
}

interface Schema extends DBSchema {
  jobs: { key: string; value: JobRecord }
  items: { key: string; value: StoredItem }
}

/** What survives the tab. Losing it costs a new choice of the files, never data. */
export interface QueueStore {
  load(): Promise<{ readonly jobs: readonly JobRecord[]; readonly items: readonly StoredItem[] }>
  save(change: {
    readonly jobs?: readonly JobRecord[]
    readonly items?: readonly StoredItem[]
    readonly removedItems?: readonly string[]
    readonly removedJobs?: readonly string[]
  }): Promise<void>
}

export const openQueueStore = async (): Promise<QueueStore> => {
  const database = await openDB<Schema>('cairn-uploads', 1, {
    upgrade: (db) => {
      db.createObjectStore('jobs', { keyPath: 'id' })
      db.createObjectStore('items', { keyPath: 'id' })
    }
  })
  return {
    load: async () => ({ jobs: await database.getAll('jobs'), items: await database.getAll('items') }),
    save: async ({ jobs = [], items = [], removedItems = [], removedJobs = [] }) => {
      const transaction = database.transaction(['jobs', 'items'], 'readwrite', { durability: 'relaxed' })
      const [jobStore, itemStore] = [transaction.objectStore('jobs'), transaction.objectStore('items')]
      for (const job of jobs) void jobStore.put(job)
      for (const item of items) void itemStore.put(item)
      for (const id of removedItems) void itemStore.delete(id)
      for (const id of removedJobs) void jobStore.delete(id)
      await transaction.done
    }
  }
}

/** Where the browser keeps nothing (private windows): this visit only. */
export const forgetfulStore = (): QueueStore => ({
  load: async () => ({ jobs: [], items: [] }),
  save: async () => undefined
})
