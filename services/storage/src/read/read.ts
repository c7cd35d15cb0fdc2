import type { ReadSource } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import { FreeSlots } from '../ingest/free-slots.ts'
import type { SlotArena } from '../ingest/slot-arena.ts'
import type { PageLocator } from './locate.ts'
import { planReads } from './plan.ts'
import { type ChunkReader, INLINE_OPEN, type ReadRoom, readChunk } from './read-chunk.ts'

/** Chunks fetched and opened ahead of the one being sent. */
const AHEAD = 5

/** See StorageData.read. */
export async function* readContent(
  context: StorageContext & { readonly locator: PageLocator },
  source: ReadSource,
  signal: AbortSignal
): AsyncGenerator<Uint8Array> {
  if (source.start >= source.end) return
  const keys = await context.vaults.keys(source.vaultId)
  const reader: ChunkReader = { context, locator: context.locator, keys, source }
  const rooms = createRooms(context)
  const plan = planReads(context.locator, source)
  const ahead: { plain: Promise<Buffer>; done: () => void; from: number; to: number }[] = []
  let planned = false
  try {
    for (;;) {
      while (!planned && ahead.length < AHEAD) {
        const next = await plan.next()
        if (next.done) planned = true
        else {
          const room = await rooms.take(next.value.entry.length)
          const plain = readChunk(reader, next.value, room)
          plain.catch(() => undefined)
          ahead.push({ plain, done: () => rooms.give(room), from: next.value.from, to: next.value.to })
        }
      }
      const first = ahead.shift()
      if (!first) return
      const plain = await first.plain
      signal.throwIfAborted()
      yield plain.subarray(first.from, first.to)
      first.done()
    }
  } finally {
    // Readers still under way write into the arena: it must not be reused before they end.
    await Promise.allSettled(ahead.map((item) => item.plain))
    rooms.release()
  }
}

/** Slots for large chunks; a content of small ones never touches an arena. */
const createRooms = (context: StorageContext) => {
  let arena: SlotArena | undefined
  let free: FreeSlots | undefined
  return {
    take: async (length: number): Promise<ReadRoom | undefined> => {
      if (length <= INLINE_OPEN) return undefined
      arena ??= context.readArenas.acquire()
      free ??= new FreeSlots(arena.slots)
      return { arena, slot: await free.take() }
    },
    give: (room: ReadRoom | undefined): void => {
      if (room) free?.give(room.slot)
    },
    release: (): void => {
      if (arena) context.readArenas.release(arena)
    }
  }
}
