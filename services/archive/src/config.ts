import { createEnvReader, type Env } from '@cairn/runtime'

export interface ArchiveConfig {
  /** Files and folders one archive may hold. */
  readonly maxEntries: number
}

export const readArchiveConfig = (env: Env): ArchiveConfig => {
  const reader = createEnvReader(env)
  return reader.finish({
    maxEntries: reader.int('CAIRN_ARCHIVE_MAX_ENTRIES', { default: 200_000, min: 1, max: 1_000_000, example: '200000' })
  })
}
