import { createEnvReader } from '@cairn/runtime'

export interface UploadConfig {
  /** Largest file, bytes. Quota may allow less. */
  readonly maxBytes: number
  /** How long a session lives without activity. */
  readonly leaseSeconds: number
  /** Unfinished sessions one user may have. */
  readonly maxOpenSessions: number
}

const TIB = 1024 ** 4
const DAY_MS = 24 * 3600 * 1000

export const readUploadConfig = (env: Readonly<Record<string, string | undefined>>): UploadConfig => {
  const reader = createEnvReader(env)
  return reader.finish({
    maxBytes: reader.bytes('CAIRN_UPLOAD_MAX_BYTES', { default: 16 * TIB, min: 1, example: '16TiB' }),
    leaseSeconds:
      reader.duration('CAIRN_UPLOAD_LEASE', { default: 7 * DAY_MS, min: 60_000, max: 60 * DAY_MS, example: '7d' }) /
      1000,
    maxOpenSessions: reader.int('CAIRN_UPLOAD_MAX_SESSIONS', { default: 2000, min: 1, example: '2000' })
  })
}
