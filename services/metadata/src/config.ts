import { createEnvReader, type Env } from '@cairn/runtime'

export interface MetadataConfig {
  /** Bytes for users without a limit of their own; 0 = unlimited. */
  readonly defaultQuota: number
  /** Milliseconds that deleted things stay in the trash; 0 = until somebody empties it. */
  readonly trashRetention: number
  /** Old versions kept per file, besides the current one; 0 = all. */
  readonly versionsKept: number
  /** Milliseconds after which an old version may go; 0 = never. */
  readonly versionRetention: number
  /** Milliseconds between runs of the clean-up jobs. */
  readonly jobInterval: number
  /** Milliseconds in which commits join one announcement. */
  readonly announceGather: number
}

const DAY = 24 * 3600 * 1000

export const readMetadataConfig = (env: Env): MetadataConfig => {
  const reader = createEnvReader(env)
  return reader.finish({
    defaultQuota: reader.bytes('CAIRN_DEFAULT_QUOTA', { default: 0, min: 0, example: '10GiB' }),
    trashRetention: reader.duration('CAIRN_TRASH_RETENTION', { default: 30 * DAY, min: 0, example: '30d' }),
    versionsKept: reader.int('CAIRN_VERSIONS_KEPT', { default: 100, min: 0, max: 100_000, example: '100' }),
    versionRetention: reader.duration('CAIRN_VERSION_RETENTION', { default: 0, min: 0, example: '365d' }),
    jobInterval: reader.duration('CAIRN_METADATA_JOB_INTERVAL', { default: 60_000, min: 1000, example: '1m' }),
    announceGather: 100
  })
}
