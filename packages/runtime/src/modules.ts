import type { Logger } from './logger.ts'
import { type ModuleNode, sortModules } from './module-graph.ts'
import { createCallSignal } from './signals.ts'

/** The parts of a module's life the graph drives; each is optional. */
export interface ModuleLife {
  start?(): Promise<void>
  /** Finish what is under way; take nothing new. The signal aborts when patience ends. */
  drain?(signal: AbortSignal): Promise<void>
  dispose?(): Promise<void>
}

export interface StartOptions {
  readonly logger: Logger
  /** Dependencies served by other processes. */
  readonly external?: ReadonlySet<string>
  /** Milliseconds for all modules together to drain; default 30 000. */
  readonly drainTimeout?: number
  /** Milliseconds for each module's create and start; default 120 000. */
  readonly startTimeout?: number
}

export interface RunningModules<I> {
  readonly instances: ReadonlyMap<string, I>
  /**
   * Drains in reverse order within the deadline, then disposes in reverse order. Every step is tried;
   * failures are thrown together as one AggregateError. Repeated calls share one stop.
   */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Live<I> {
  readonly name: string
  readonly instance: I
}

const DEFAULT_DRAIN_MS = 30_000
const DEFAULT_START_MS = 120_000

/**
 * Creates every module in dependency order, then starts each in that order. When one fails, those
 * created before are stopped again and the failure is thrown, naming the module.
 */
export const startModules = async <M extends ModuleNode, I extends ModuleLife>(
  modules: readonly M[],
  create: (module: M) => Promise<I>,
  options: StartOptions
): Promise<RunningModules<I>> => {
  const live: Live<I>[] = []
  const patience = options.startTimeout ?? DEFAULT_START_MS
  const sorted = sortModules(modules, options.external)
  let current = ''
  try {
    for (const module of sorted) {
      current = module.name
      const instance = await withDeadline(create(module), patience)
      live.push({ name: module.name, instance })
    }
    for (const { name, instance } of live) {
      current = name
      await withDeadline(instance.start?.(), patience)
      options.logger.debug({ module: name }, 'module started')
    }
  } catch (cause) {
    const failure = new Error(`Module "${current}" did not start: ${messageOf(cause)}`, { cause })
    const leftovers = await stopAll(live, options)
    if (leftovers.length > 0) throw new AggregateError([failure, ...leftovers], failure.message, { cause })
    throw failure
  }

  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= stopAll(live, options).then((failures) => {
      if (failures.length > 0) throw new AggregateError(failures, 'Some modules did not stop cleanly')
    })
    return stopping
  }
  return {
    instances: new Map(live.map(({ name, instance }) => [name, instance])),
    stop,
    [Symbol.asyncDispose]: stop
  }
}

const stopAll = async <I extends ModuleLife>(
  live: readonly Live<I>[],
  options: StartOptions
): Promise<readonly unknown[]> => {
  const failures: unknown[] = []
  const attempt = async (name: string, step: string, work: () => Promise<void> | undefined): Promise<void> => {
    try {
      await work()
    } catch (cause) {
      options.logger.error({ module: name, err: cause }, `module failed to ${step}`)
      failures.push(new Error(`Module "${name}" failed to ${step}: ${messageOf(cause)}`, { cause }))
    }
  }
  const reversed = live.toReversed()
  using call = createCallSignal({ timeoutMs: options.drainTimeout ?? DEFAULT_DRAIN_MS })
  for (const { name, instance } of reversed) {
    await attempt(name, 'drain', () => untilAborted(instance.drain?.(call.signal), call.signal))
  }
  for (const { name, instance } of reversed) {
    await attempt(name, 'dispose', () => instance.dispose?.())
  }
  return failures
}

/** A drain gets a moment after the abort to wind up; one that ignores the signal is left behind. */
const GRACE_AFTER_ABORT_MS = 2000

const untilAborted = async (work: Promise<void> | undefined, signal: AbortSignal): Promise<void> => {
  if (work === undefined) return
  const { promise: abandoned, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    timer = setTimeout(() => reject(signal.reason), GRACE_AFTER_ABORT_MS)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([work, abandoned])
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearTimeout(timer)
  }
}

const withDeadline = async <T>(work: Promise<T> | undefined, ms: number): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`not ready after ${ms} ms`)), ms)
  try {
    return await Promise.race([work as Promise<T>, late])
  } finally {
    clearTimeout(timer)
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
