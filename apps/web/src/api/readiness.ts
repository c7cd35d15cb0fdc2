import { queryOptions } from '@tanstack/react-query'

export interface Readiness {
  readonly status: 'ready' | 'degraded' | 'unready' | 'stopping'
  readonly checks: Readonly<
    Record<string, { readonly status: 'ok' | 'failed'; readonly latencyMs: number; readonly error?: string }>
  >
}

/** Outside of the API: it answers also when nothing else does, and 503 is an answer. */
export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  refetchInterval: 10_000,
  queryFn: async ({ signal }): Promise<Readiness> => (await fetch('/readyz', { signal })).json()
})
