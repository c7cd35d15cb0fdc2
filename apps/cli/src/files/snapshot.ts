import type { BigIntStats } from 'node:fs'

/** What tells whether a file was touched meanwhile. */
export interface Snapshot {
  readonly size: number
  /** Milliseconds since the epoch, rounded: setting a time may lose some nanoseconds. */
  readonly mtimeMs: number
  readonly mtimeNs: bigint
  readonly device: bigint
  readonly inode: bigint
}

export const snapshotOf = (stats: BigIntStats): Snapshot => ({
  size: Number(stats.size),
  mtimeMs: Math.round(Number(stats.mtimeNs) / 1e6),
  mtimeNs: stats.mtimeNs,
  device: stats.dev,
  inode: stats.ino
})

export const sameSnapshot = (a: Snapshot, b: Snapshot): boolean =>
  a.size === b.size && a.mtimeNs === b.mtimeNs && a.device === b.device && a.inode === b.inode
