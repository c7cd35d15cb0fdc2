/**
 * Bounded, lossy, shared between replicas when the driver is. Never the truth: any entry may vanish
 * at any time, and callers must be correct (only slower) when the cache is empty or unreachable.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>
  /** Overwrites. `ttlMs` is required: nothing lives for ever. */
  set(key: string, value: string, ttlMs: number): Promise<void>
  delete(key: string): Promise<void>
  /**
   * Adds `by` to a counter that expires `windowMs` after its first increment, atomically.
   * Returns the new value and the milliseconds left in the window.
   */
  increment(key: string, by: number, windowMs: number): Promise<{ value: number; resetMs: number }>
  /** Fire and forget to every subscriber in every replica, this one included. May be lost. */
  publish(channel: string, message: string): Promise<void>
  /** Returns a function that unsubscribes. Handlers must not throw. */
  subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>>
  check(signal?: AbortSignal): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
