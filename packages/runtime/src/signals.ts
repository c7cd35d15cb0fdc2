/** The deadline of a call passed. Reason of its abort signal. */
export class DeadlineError extends Error {
  constructor(ms: number) {
    super(`The deadline of ${ms} ms passed`)
    this.name = 'DeadlineError'
  }
}

export interface CallSignalOptions {
  /** Client gone, shutdown, a caller's own signal…; undefined ones are skipped. */
  readonly parents?: readonly (AbortSignal | undefined)[]
  /** Milliseconds until the call is aborted with a DeadlineError. */
  readonly timeoutMs?: number | undefined
}

/** One signal for one call. Dispose it when the call ends: it then holds no timer and no listener. */
export interface CallSignal {
  readonly signal: AbortSignal
  /** Aborts with this reason, as a parent would. */
  abort(reason: unknown): void
  [Symbol.dispose](): void
}

/** Client gone ∪ deadline ∪ shutdown. Disposing does not abort. */
export const createCallSignal = (options: CallSignalOptions): CallSignal => {
  const controller = new AbortController()
  const listened: AbortSignal[] = []
  let timer: NodeJS.Timeout | undefined

  const release = (): void => {
    clearTimeout(timer)
    for (const parent of listened) parent.removeEventListener('abort', onParentAbort)
    listened.length = 0
  }
  const abort = (reason: unknown): void => {
    release()
    controller.abort(reason)
  }
  function onParentAbort(this: AbortSignal): void {
    abort(this.reason)
  }

  for (const parent of options.parents ?? []) {
    if (parent === undefined) continue
    if (parent.aborted) {
      abort(parent.reason)
      break
    }
    parent.addEventListener('abort', onParentAbort)
    listened.push(parent)
  }
  const { timeoutMs } = options
  if (timeoutMs !== undefined && !controller.signal.aborted) {
    timer = setTimeout(() => abort(new DeadlineError(timeoutMs)), timeoutMs)
  }
  return { signal: controller.signal, abort, [Symbol.dispose]: release }
}

/** Runs `work` with a signal that also aborts after `timeoutMs`; cleans up either way. */
export const withCallSignal = async <T>(
  options: CallSignalOptions,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> => {
  using call = createCallSignal(options)
  return await work(call.signal)
}

/**
 * Aborts when the first of the signals does. For signals that live about as long as each other;
 * to tie a short call to a long-lived signal use `createCallSignal`, which can be disposed.
 */
export const anySignal = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal =>
  AbortSignal.any(signals.filter((signal) => signal !== undefined))
