import type { ReadSource } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import { FreeSlots } from '../ingest/free-slots.ts'
import type { PageLocator } from './locate.ts'
import { planReads } from './plan.ts'
import { type ChunkReader, readChunk } from './read-chunk.ts'

/** See StorageData.read. Chunks are fetched and opened ahead, as many as the arena has slots. */
export async function* readContent(
  context: StorageContext & { readonly locator: PageLocator },
  source: ReadSource,
  signal: AbortSignal
): AsyncGenerator<Uint8Array> {
  if (source.start >= source.end) return
  const keys = await context.vaults.keys(source.vaultId)
  const reader: ChunkReader = { context, locator: context.locator, keys, source }
  const arena = context.readArenas.acquire()
  const free = new FreeSlots(arena.slots)
  const plan = planReads(context.locator, source)
  const ahead: { slot: number; plain: Promise<Buffer>; from: number; to: number }[] = []
  let planned = false
  try {
    for (;;) {
      while (!planned && ahead.length < arena.slots) {
        const next = await plan.next()
        if (next.done) planned = true
        else {
          const slot = await free.take()
          const plain = readChunk(reader, next.value, { arena, slot })
          plain.catch(() => undefined)
          ahead.push({ slot, plain, from: next.value.from, to: next.value.to })
        }
      }
      const first = ahead.shift()
      if (!first) return
      const plain = await first.plain
      signal.throwIfAborted()
      yield plain.subarray(first.from, first.to)
      free.give(first.slot)
    }
  } finally {
    // Readers still under way write into the arena: it must not be reused before they end.
    await Promise.allSettled(ahead.map((item) => item.plain))
    context.readArenas.release(arena)
  }
}
