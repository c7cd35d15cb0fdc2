import type { HttpApp } from '@cairn/http'
import { createCallSignal, type Health } from '@cairn/runtime'
import type { ServiceHost } from '@cairn/service'
import type { DrainTimes } from './config.ts'

export interface DrainDeps {
  readonly host: Pick<ServiceHost, 'clock' | 'logger'>
  readonly health: Health
  readonly times: DrainTimes
}

const IDLE_SWEEP_MS = 50

/**
 * Stops serving without failing a request: say "not ready", wait for load balancers to notice, stop
 * accepting, let requests under way finish. Connections left at the deadline, or when `signal` aborts, are
 * cut; their `request.signal` aborts.
 */
export const drainServer = async (app: HttpApp, deps: DrainDeps, signal: AbortSignal): Promise<void> => {
  const { clock, logger } = deps.host
  deps.health.setStopping()
  if (app.server.listening && deps.times.delay > 0 && !signal.aborted) {
    await clock
      .sleep(deps.times.delay, signal)
      .catch((error: unknown) => logger.debug({ err: error }, 'drain delay cut short'))
  }
  using patience = createCallSignal({ parents: [signal], timeoutMs: deps.times.timeout })
  const cut = (): void => {
    logger.warn('requests were still under way at the end of the drain; their connections are closed')
    app.server.closeAllConnections()
  }
  if (patience.signal.aborted) cut()
  else patience.signal.addEventListener('abort', cut, { once: true })
  // A connection whose response had begun before the drain is kept alive by its client once it is done.
  const sweeper = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS)
  try {
    await app.close()
  } finally {
    clearInterval(sweeper)
    patience.signal.removeEventListener('abort', cut)
  }
}
