import type { Node } from '@cairn/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { useClient } from '../../api/client.tsx'
import { entriesQuery } from '../../api/files-queries.ts'
import { filterEntries, type Sorting, sortEntries } from '../../lib/sort.ts'

export interface FolderView {
  /** As shown: sorted and filtered. */
  readonly entries: readonly Node[]
  readonly total: number
  readonly complete: boolean
  readonly pending: boolean
  readonly error: Error | null
  readonly retry: () => void
}

const NOTHING: readonly Node[] = []

export const useFolder = (
  place: { readonly drive: string; readonly folder: string },
  { sorting, filter }: { readonly sorting: Sorting; readonly filter: string }
): FolderView => {
  const client = useClient()
  const queries = useQueryClient()
  const { data, isPending, error, refetch } = useQuery(entriesQuery(client, queries, place))
  const items = data?.items ?? NOTHING
  const sorted = useMemo(() => sortEntries(items, sorting), [items, sorting])
  // Typing stays fluent while a long list is filtered.
  const deferred = useDeferredValue(filter)
  const entries = useMemo(() => filterEntries(sorted, deferred), [sorted, deferred])
  return {
    entries,
    total: items.length,
    complete: data?.complete === true,
    pending: isPending,
    error: data === undefined ? error : null,
    retry: () => void refetch()
  }
}
