import type { ServiceHost, ServiceInstance } from '@cairn/service'
import type { AuthConfig } from './config.ts'
import { createContext } from './context.ts'
import { prepareSetup, type SetupState } from './domain/accounts/setup.ts'
import { SIGNING_KEYS_CHANGED } from './events.ts'
import { runJobs } from './jobs/index.ts'
import { routes } from './routes/index.ts'
import { rpc } from './rpc/index.ts'
import { readOutboxLag } from './store/outbox.ts'

/** What the process that runs auth learns besides. */
export interface AuthInstance extends ServiceInstance {
  /** As of start: print the token to the operator when set-up is required. */
  readonly setup: SetupState
}

export const createAuthService = async (host: ServiceHost, config: AuthConfig): Promise<AuthInstance> => {
  const context = await createContext(host, config)
  const setup = await prepareSetup(context)
  await context.keys.current()
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let unsubscribe: () => Promise<void> = async () => undefined

  return {
    setup,
    rpc: [rpc(context)],
    routes: routes(context),
    outbox: () => readOutboxLag(context.database.query),
    start: async () => {
      unsubscribe = await context.cache.subscribe(SIGNING_KEYS_CHANGED, context.keys.forget)
      running = runJobs(context, AbortSignal.any([stopping.signal, host.shutdown]))
    },
    drain: async () => {
      stopping.abort()
      await running
      await context.outbox.settle()
    },
    dispose: async () => {
      stopping.abort()
      await running
      await unsubscribe()
    },
    health: { 'auth.database': (signal) => context.database.check(signal) }
  }
}
