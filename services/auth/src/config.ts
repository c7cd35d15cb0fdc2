import { createEnvReader, type Env } from '@cairn/runtime'

export type SignupPolicy = 'open' | 'closed' | 'invite'

export interface AuthConfig {
  /** Until an administrator sets another. */
  readonly signup: SignupPolicy
  /** Preset by the operator; a random one is made when absent. */
  readonly setupToken: string | undefined
  readonly passwordMemoryKiB: number
  readonly passwordPasses: number
  readonly passwordConcurrency: number
  /** Milliseconds after which signing keys are replaced. */
  readonly signingKeyLife: number
}

const MIN_SETUP_TOKEN_LENGTH = 22
const DAY = 86_400_000
const KIB = 1024

export const readConfig = (env: Env): AuthConfig => {
  const reader = createEnvReader(env)
  const memory = reader.bytes('CAIRN_PASSWORD_MEMORY', {
    default: 64 * KIB * KIB,
    min: 19 * KIB * KIB,
    max: KIB * KIB * KIB,
    example: '64MiB'
  })
  return reader.finish({
    signup: reader.enum('CAIRN_SIGNUP', {
      default: 'closed',
      values: ['open', 'closed', 'invite'],
      example: 'invite'
    }) as SignupPolicy,
    setupToken: reader.string<string | undefined>('CAIRN_SETUP_TOKEN', {
      default: undefined,
      minLength: MIN_SETUP_TOKEN_LENGTH,
      secret: true,
      example: 'at least 22 random characters'
    }),
    passwordMemoryKiB: Math.floor(memory / KIB),
    passwordPasses: reader.int('CAIRN_PASSWORD_PASSES', { default: 2, min: 2, max: 20, example: '2' }),
    passwordConcurrency: reader.int('CAIRN_PASSWORD_CONCURRENCY', { default: 2, min: 1, max: 16, example: '2' }),
    signingKeyLife: reader.duration('CAIRN_SIGNING_KEY_LIFE', {
      default: 90 * DAY,
      min: DAY,
      max: 3650 * DAY,
      example: '90d'
    })
  })
}
