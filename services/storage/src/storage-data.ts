import type { StorageData } from '@cairn/contracts'
import type { StorageContext } from './context.ts'
import { diskFull } from './errors.ts'
import { append } from './ingest/append.ts'
import { put } from './ingest/put.ts'
import { putFrames } from './ingest/put-frames.ts'
import type { SmallPuts } from './ingest/small-puts.ts'
import type { SpaceGuard } from './ingest/space-guard.ts'
import type { PageLocator } from './read/locate.ts'
import { readContent } from './read/read.ts'

export interface StorageDataParts {
  readonly context: StorageContext
  readonly smallPuts: SmallPuts
  readonly locator: PageLocator
  readonly space: SpaceGuard
}

/** The in-process binding of the streaming port. */
export const createStorageData = (parts: StorageDataParts): StorageData => {
  const { context, smallPuts, locator, space } = parts
  const requireSpace = async (): Promise<void> => {
    if (!(await space.enough())) throw diskFull()
  }
  return {
    append: async (target, body, signal) => {
      await requireSpace()
      return append(context, target, { body, signal })
    },
    put: async (target, body, signal) => {
      await requireSpace()
      return put({ ...context, smallPuts }, target, { body, signal })
    },
    putFrames: async (target, frames) => {
      await requireSpace()
      await putFrames(context, target, frames)
    },
    putMany: async (vaultId, contents) => {
      await requireSpace()
      return smallPuts.put(vaultId, contents)
    },
    read: (source, signal) => readContent({ ...context, locator }, source, signal)
  }
}
