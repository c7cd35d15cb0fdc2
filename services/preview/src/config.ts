import { createEnvReader, type Env } from '@cairn/runtime'

export interface PreviewConfig {
  /** Child processes that make pictures; 0 = no previews. */
  readonly workers: number
  /** Keep no picture when the blob store has less than this left. */
  readonly reserveBytes: number
}

export const readPreviewConfig = (env: Env): PreviewConfig => {
  const reader = createEnvReader(env)
  return reader.finish({
    workers: reader.int('CAIRN_PREVIEW_WORKERS', { default: 1, min: 0, max: 16, example: '2' }),
    reserveBytes: reader.bytes('CAIRN_DISK_RESERVE', { default: 256 * 1024 * 1024, min: 0, example: '1GiB' })
  })
}
