/** What the DOS fields can hold, 1980 to 2107, in two-second steps. Always UTC; the extended timestamp says so. */
export interface DosTime {
  readonly time: number
  readonly date: number
}

const FIRST = Date.UTC(1980, 0, 1)
const LAST = Date.UTC(2107, 11, 31, 23, 59, 58)

export const dosTime = (mtimeMs: number): DosTime => {
  const at = new Date(Math.min(Math.max(mtimeMs, FIRST), LAST))
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  }
}

const INT32 = 2 ** 31

/** Seconds since the epoch as the extended timestamp holds them. */
export const unixTime = (mtimeMs: number): number => Math.min(Math.max(Math.floor(mtimeMs / 1000), -INT32), INT32 - 1)
