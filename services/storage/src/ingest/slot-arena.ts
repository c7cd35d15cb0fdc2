import { createMemory, type WasmMemory } from '@cairn/chunking'
import { MAX_CHUNK } from '../format/limits.ts'
import { RECORD_HEADER_LENGTH } from '../format/pack.ts'

/** Room for one chunk of the largest size: header space before it, slack for cut look-ahead and tag behind. */
const SLOT_LENGTH = MAX_CHUNK + 128 * 1024

/**
 * A stream's own chunk memory, shared with the codec workers. Pages are touched only as chunks need
 * them, so a slot costs what its chunk is long.
 */
export interface SlotArena {
  readonly id: number
  readonly memory: WasmMemory
  readonly slots: number
  /** Offset of a slot's first plain byte in `memory`. */
  plainStart(slot: number): number
  /** Header space and everything behind it. */
  room(slot: number): Buffer
  plain(slot: number, length: number): Buffer
}

export const PLAIN_CAPACITY = SLOT_LENGTH - RECORD_HEADER_LENGTH - 64

export const createSlotArena = (id: number, slots: number): SlotArena => {
  const memory = createMemory({ bytes: slots * SLOT_LENGTH, shared: true })
  const start = (slot: number): number => slot * SLOT_LENGTH
  return {
    id,
    memory,
    slots,
    plainStart: (slot) => start(slot) + RECORD_HEADER_LENGTH,
    room: (slot) => Buffer.from(memory.buffer, start(slot), SLOT_LENGTH),
    plain: (slot, length) => Buffer.from(memory.buffer, start(slot) + RECORD_HEADER_LENGTH, length)
  }
}

/** Hands arenas out and keeps a few for reuse: their touched pages are the expensive part. */
export interface ArenaPool {
  acquire(): SlotArena
  release(arena: SlotArena): void
}

export const createArenaPool = (options: ArenaPoolOptions): ArenaPool => {
  const idle: SlotArena[] = []
  return {
    acquire: () => idle.pop() ?? createSlotArena(options.nextId(), options.slots),
    release: (arena) => {
      if (idle.length < options.keep) idle.push(arena)
      else options.onForget(arena.id)
    }
  }
}

export interface ArenaPoolOptions {
  readonly slots: number
  readonly keep: number
  /** Ids are unique per codec. */
  readonly nextId: () => number
  /** The arena will not be used again: workers drop their view of it. */
  readonly onForget: (arenaId: number) => void
}
