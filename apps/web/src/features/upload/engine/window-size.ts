const MIB = 1024 * 1024
/** At least one chunk of maximum size. */
const LEAST = 4 * MIB
/** What the server takes in one request. */
const MOST = 15 * MIB
/** A request should take about this long: long enough to be cheap, short enough to see progress and to lose little. */
const TARGET_MS = 1500

/** How much to send at once, by how fast the last ones went. */
export interface WindowSize {
  readonly limit: number
  took(bytes: number, ms: number): void
}

export const createWindowSize = (): WindowSize => {
  let limit = 4 * MIB
  return {
    get limit() {
      return limit
    },
    took: (bytes, ms) => {
      const fitting = (bytes / Math.max(ms, 1)) * TARGET_MS
      limit = Math.round(Math.min(MOST, Math.max(LEAST, Math.min(fitting, limit * 2))))
    }
  }
}
