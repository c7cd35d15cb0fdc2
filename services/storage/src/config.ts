import { createEnvReader, type Env } from '@cairn/runtime'

export interface StorageConfig {
  /** Threads that seal and open chunks. */
  readonly codecThreads: number
  /** How long a pack may take from its intent row to its registration. */
  readonly intentLeaseSeconds: number
  /** Between collections of each vault. */
  readonly gcIntervalSeconds: number
  /** How long condemned chunks are kept: an operator's undo window. */
  readonly condemnedGraceSeconds: number
  /** Refuse to store when the blob store has less than this left. */
  readonly reserveBytes: number
}

const DAY = 24 * 3600 * 1000

export const readStorageConfig = (env: Env): StorageConfig => {
  const reader = createEnvReader(env)
  return reader.finish({
    codecThreads: reader.int('CAIRN_CODEC_THREADS', { default: 2, min: 1, max: 64, example: '4' }),
    intentLeaseSeconds: 3600,
    gcIntervalSeconds: reader.duration('CAIRN_GC_INTERVAL', { default: DAY / 4, min: 60_000, example: '6h' }) / 1000,
    condemnedGraceSeconds: reader.duration('CAIRN_GC_GRACE', { default: DAY, min: 0, example: '24h' }) / 1000,
    reserveBytes: reader.bytes('CAIRN_DISK_RESERVE', { default: 256 * 1024 * 1024, min: 0, example: '1GiB' })
  })
}
