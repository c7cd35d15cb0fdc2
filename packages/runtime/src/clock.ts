/** Time as core code sees it; simulation replaces it. */
export interface Clock {
  /** Milliseconds since the epoch. Labels and leases only; never ordering. */
  now(): number
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
