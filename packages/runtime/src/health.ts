import type { Clock } from './clock.ts'
import { createCallSignal } from './signals.ts'

export interface HealthCheck {
  readonly name: string
  /** Rejects when the dependency cannot serve. */
  readonly check: (signal: AbortSignal) => Promise<void>
  /** Not ready without it (default true); otherwise the process is ready but degraded. */
  readonly essential?: boolean
}

export interface CheckState {
  readonly status: 'ok' | 'failed'
  readonly essential: boolean
  readonly latencyMs: number
  /** Short reason; for operators, may name hosts. */
  readonly error?: string
}

export interface HealthReport {
  readonly status: 'ready' | 'degraded' | 'unready' | 'stopping'
  readonly checks: Readonly<Record<string, CheckState>>
}

export interface Health {
  /** Throws when the name is taken. Returns a function that removes the check. */
  register(check: HealthCheck): () => void
  /** From now on "stopping", so that load balancers send nothing new. */
  setStopping(): void
  readonly stopping: boolean
  /** Runs the checks in parallel; answers are at most one second old, so polling costs nothing. */
  report(): Promise<HealthReport>
}

export interface HealthOptions {
  readonly clock: Clock
  /** Milliseconds for one check; default 2000. */
  readonly timeoutMs?: number
  /** Milliseconds an answer is reused; default 1000. */
  readonly maxAgeMs?: number
}

const DEFAULT_TIMEOUT_MS = 2000
const DEFAULT_MAX_AGE_MS = 1000

export const createHealth = (options: HealthOptions): Health => {
  const checks = new Map<string, HealthCheck>()
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const maxAgeMs = options.maxAgeMs ?? DEFAULT_MAX_AGE_MS
  let cached: { at: number; states: Promise<Record<string, CheckState>> } | undefined
  let stopping = false

  const runAll = async (): Promise<Record<string, CheckState>> => {
    const states = await Promise.all([...checks.values()].map(async (check) => [check.name, await run(check)] as const))
    return Object.fromEntries(states)
  }

  const run = async (check: HealthCheck): Promise<CheckState> => {
    const startedAt = options.clock.now()
    const essential = check.essential ?? true
    const latency = (): number => Math.max(0, options.clock.now() - startedAt)
    try {
      await within(check.check, timeoutMs)
      return { status: 'ok', essential, latencyMs: latency() }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { status: 'failed', essential, latencyMs: latency(), error: reason }
    }
  }

  return {
    register: (check) => {
      if (checks.has(check.name)) throw new Error(`Health check "${check.name}" is registered twice`)
      checks.set(check.name, check)
      cached = undefined
      return () => {
        if (checks.get(check.name) === check) checks.delete(check.name)
        cached = undefined
      }
    },
    setStopping: () => {
      stopping = true
    },
    get stopping() {
      return stopping
    },
    report: async () => {
      const now = options.clock.now()
      if (cached === undefined || now - cached.at >= maxAgeMs || now < cached.at) {
        cached = { at: now, states: runAll() }
      }
      const states = await cached.states
      return { status: stopping ? 'stopping' : summarize(Object.values(states)), checks: states }
    }
  }
}

const summarize = (states: readonly CheckState[]): 'ready' | 'degraded' | 'unready' => {
  const failed = states.filter((state) => state.status === 'failed')
  if (failed.some((state) => state.essential)) return 'unready'
  return failed.length > 0 ? 'degraded' : 'ready'
}

/** Gives up after `ms` even when the check ignores its signal. */
const within = async (check: (signal: AbortSignal) => Promise<void>, ms: number): Promise<void> => {
  using call = createCallSignal({ timeoutMs: ms })
  const { promise: late, reject } = Promise.withResolvers<never>()
  call.signal.addEventListener('abort', () => reject(new Error(`no answer within ${ms} ms`)), { once: true })
  await Promise.race([check(call.signal), late])
}
