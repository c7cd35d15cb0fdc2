import { ApiError, type CairnClient } from '@cairn/client'
import { queryOptions } from '@tanstack/react-query'

/** Who is signed in; null = nobody. */
export const meQuery = (client: CairnClient) =>
  queryOptions({
    queryKey: ['me'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      try {
        return await client.auth.me({ signal })
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    }
  })

export const setupQuery = (client: CairnClient) =>
  queryOptions({ queryKey: ['setup'], queryFn: ({ signal }) => client.auth.setupState({ signal }) })

export const policyQuery = (client: CairnClient) =>
  queryOptions({ queryKey: ['policy'], queryFn: ({ signal }) => client.admin.policy({ signal }) })
