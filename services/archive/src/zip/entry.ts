/** One member of an archive, as its headers need it. */
export interface ZipEntry {
  /** Safe relative path; a folder's ends with a slash. */
  readonly path: string
  readonly folder: boolean
  readonly size: number
  readonly mtimeMs: number
}

/** Contents up to here are read whole before their header is written, so that it carries the CRC. */
export const WHOLE = 64 * 1024

/** From here on a 32-bit field cannot hold a size or an offset. */
export const ZIP64_FROM = 0xffffffff
/** The same for the count of entries. */
export const ZIP64_COUNT_FROM = 0xffff

export const isWhole = (entry: ZipEntry): boolean => entry.size <= WHOLE
