import { networkProblem } from '@cairn/http'
import { createEnvReader, type Env } from '@cairn/runtime'

export interface GatewayConfig {
  /** "::" listens on every address, IPv4 included. */
  readonly host: string
  readonly port: number
  readonly trustedProxies: readonly string[]
  /** Origins whose scripts may call the API with a token; never with cookies. */
  readonly corsOrigins: readonly string[]
  readonly limits: RateLimits
  readonly operators: OperatorAccess
  readonly drain: DrainTimes
  readonly accessLog: boolean
}

/** Requests per minute; 0 switches a limit off. */
export interface RateLimits {
  readonly perAddress: number
  readonly perUser: number
}

/** Who may read metrics and the reasons of failed health checks. */
export interface OperatorAccess {
  readonly networks: readonly string[]
  readonly token: string | undefined
}

export interface DrainTimes {
  /** Milliseconds of "not ready" before connections are refused, for load balancers to notice. */
  readonly delay: number
  /** Milliseconds requests under way may take after that. */
  readonly timeout: number
}

const DEFAULT_LIMIT = 300_000
const MIN_TOKEN_LENGTH = 16

/** Throws ConfigError with everything that is wrong. */
export const readGatewayConfig = (env: Env): GatewayConfig => {
  const reader = createEnvReader(env)
  return reader.finish({
    host: reader.string('CAIRN_HOST', { default: '::', example: '127.0.0.1' }),
    port: reader.int('CAIRN_PORT', { default: 8080, min: 0, max: 65_535, example: '8080' }),
    trustedProxies: reader.list('CAIRN_TRUSTED_PROXIES', {
      default: [],
      example: '127.0.0.1,10.0.0.0/8',
      item: networkProblem
    }),
    corsOrigins: reader.list('CAIRN_CORS_ORIGINS', {
      default: [],
      example: 'https://app.example.org',
      item: originProblem
    }),
    limits: {
      perAddress: reader.int('CAIRN_RATE_LIMIT_ADDRESS', { default: DEFAULT_LIMIT, min: 0, example: '6000' }),
      perUser: reader.int('CAIRN_RATE_LIMIT_USER', { default: DEFAULT_LIMIT, min: 0, example: '6000' })
    },
    operators: {
      networks: reader.list('CAIRN_METRICS_ALLOW', {
        default: ['loopback'],
        example: 'loopback,10.1.0.0/16',
        item: networkProblem
      }),
      token: reader.string('CAIRN_METRICS_TOKEN', {
        default: undefined,
        minLength: MIN_TOKEN_LENGTH,
        secret: true,
        example: 'a-long-random-value'
      })
    },
    drain: {
      delay: reader.duration('CAIRN_DRAIN_DELAY', { default: 0, max: 300_000, example: '5s' }),
      timeout: reader.duration('CAIRN_DRAIN_TIMEOUT', { default: 25_000, max: 3_600_000, example: '25s' })
    },
    accessLog: reader.bool('CAIRN_ACCESS_LOG', { default: false, example: 'true' })
  })
}

/** Exact origins only: wildcards and "null" would let anybody in. */
const originProblem = (origin: string): string | undefined => {
  const url = URL.parse(origin)
  return url !== null && url.origin === origin && !origin.includes('*') && /^https?:$/.test(url.protocol)
    ? undefined
    : 'is not an origin such as https://app.example.org'
}
