import type { Cache } from '@cairn/cache'
import type { Database } from '@cairn/database'
import type { IdentityVerifier } from '@cairn/identity'
import { type Clock, childLogger, type Logger, type Random } from '@cairn/runtime'
import type { ServiceHost } from '@cairn/service'
import type { AuthConfig } from './config.ts'
import { migrations } from './db/migrations/index.ts'
import type { AuthTables } from './db/schema/index.ts'
import { createKeyRing, type KeyRing } from './domain/keys/key-ring.ts'
import { createSeal, type Seal } from './domain/keys/seal.ts'
import { createOutboxRelay, type OutboxRelay } from './domain/outbox/relay.ts'
import { type Blocklist, createBlocklist } from './domain/passwords/blocklist.ts'
import { createPasswordHasher, type PasswordHasher } from './domain/passwords/hasher.ts'
import { createEvents, type Events } from './events.ts'
import { createLimiter, type Limiter } from './limits/limiter.ts'

/** Everything below the composition root works with this and nothing else. */
export interface AuthContext {
  readonly config: AuthConfig
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  readonly database: Database<AuthTables>
  readonly cache: Cache
  readonly outbox: OutboxRelay
  readonly identity: IdentityVerifier
  /** "http://localhost:8080" */
  readonly publicOrigin: string
  readonly events: Events
  readonly passwords: PasswordHasher
  readonly isBlockedPassword: Blocklist
  readonly limiter: Limiter
  readonly keys: KeyRing
  /** Secrets of refresh tokens come from it. */
  readonly refreshKey: Uint8Array
  /** Hides addresses in `known_source`. */
  readonly sourceKey: Uint8Array
  /** Whoever can derive it operates this server. */
  readonly operatorKey: Uint8Array
  readonly setupSeal: Seal
  readonly messageSeal: Seal
}

const MAX_WAITING_HASHES = 64

export const createContext = async (host: ServiceHost, config: AuthConfig): Promise<AuthContext> => {
  const { clock, random, cache, masterKey } = host
  const logger = childLogger(host.logger, 'auth')
  const database = await host.database<AuthTables>('auth', migrations)
  const events = createEvents({ logger, metrics: host.metrics, cache })
  const sealFor = (purpose: string): Seal => createSeal(masterKey.derive(purpose), random)
  return {
    config,
    logger,
    clock,
    random,
    database,
    cache,
    outbox: createOutboxRelay({ database, bus: host.bus, logger }),
    identity: host.identity,
    publicOrigin: host.publicOrigin,
    events,
    passwords: createPasswordHasher({
      memoryKiB: config.passwordMemoryKiB,
      passes: config.passwordPasses,
      concurrency: config.passwordConcurrency,
      maxWaiting: MAX_WAITING_HASHES,
      random
    }),
    isBlockedPassword: createBlocklist(),
    limiter: createLimiter({ cache, clock, logger, onLimited: events.limited }),
    keys: createKeyRing({
      database,
      clock,
      vault: { seal: sealFor('auth.signing'), masterKeyId: masterKey.id }
    }),
    refreshKey: masterKey.derive('auth.refresh'),
    sourceKey: masterKey.derive('auth.source'),
    operatorKey: masterKey.derive('auth.operator'),
    setupSeal: sealFor('auth.setup'),
    messageSeal: sealFor('auth.message')
  }
}
