/** Largest chunk of any profile served here. */
export const MAX_CHUNK = 4 * 1024 * 1024
/** A body up to this size is never cut: one chunk. */
export const SMALL_BODY = 256 * 1024
/** A pack is closed when its plain bytes reach this. */
export const PACK_TARGET = 16 * 1024 * 1024
