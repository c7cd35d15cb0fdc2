import type { Random } from '@cairn/runtime'

export interface BackoffOptions {
  /** Milliseconds before the second attempt, on average. */
  readonly first: number
  readonly longest: number
  /** Growth from one attempt to the next; default 2. */
  readonly factor?: number
}

/** Exponential pause with jitter between half and the whole of it; `attempt` counts from 1. Milliseconds. */
export const backoffPause = (
  attempt: number,
  random: Random,
  { first, longest, factor = 2 }: BackoffOptions
): number => {
  const full = Math.min(longest, first * factor ** Math.min(attempt - 1, 30))
  return full * (0.5 + random.unit() / 2)
}
