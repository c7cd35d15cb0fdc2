import type { CairnClient, Node } from '@cairn/client'
import { type QueryClient, queryOptions } from '@tanstack/react-query'

/** A folder's entries as far as they are loaded. */
export interface Entries {
  readonly items: readonly Node[]
  readonly complete: boolean
}

/** Enough to fill any screen, little enough to be there at once. */
const FIRST_PAGE = 200
const PAGE = 1000
/** Between two showings of a listing that is still loading; grows with it, since sorting costs. */
const SHOW_MS = 250

export const driveQuery = (client: CairnClient, drive = 'personal') =>
  queryOptions({ queryKey: ['drive', drive], queryFn: ({ signal }) => client.drives.get(drive, { signal }) })

export const entriesKey = (drive: string, folder: string) => ['entries', drive, folder] as const

/** Shown from the first page on; the rest follows in the background. */
export const entriesQuery = (
  client: CairnClient,
  queries: QueryClient,
  { drive, folder }: { drive: string; folder: string }
) =>
  queryOptions<Entries>({
    queryKey: entriesKey(drive, folder),
    // A listing of 100,000 must not be compared with its successor.
    structuralSharing: false,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const key = entriesKey(drive, folder)
      const first = await client.nodes.childrenPage(drive, folder, { limit: FIRST_PAGE, signal })
      if (first.nextCursor === null) return { items: first.items, complete: true }
      const refreshing = queries.getQueryData<Entries>(key)?.complete === true
      const items = [...first.items]
      const show = () => {
        if (!refreshing) queries.setQueryData<Entries>(key, { items: [...items], complete: false })
      }
      show()
      let cursor: string | null = first.nextCursor
      let wait = SHOW_MS
      let shown = performance.now()
      while (cursor !== null) {
        const page = await client.nodes.childrenPage(drive, folder, { limit: PAGE, cursor, signal })
        for (const node of page.items) items.push(node)
        cursor = page.nextCursor
        if (performance.now() - shown > wait) {
          show()
          wait *= 1.7
          shown = performance.now()
        }
      }
      return { items, complete: true }
    }
  })

export const ancestorsQuery = (client: CairnClient, drive: string, node: string) =>
  queryOptions({
    queryKey: ['ancestors', drive, node],
    queryFn: ({ signal }) => client.nodes.ancestors(drive, node, { signal })
  })

export const nodeQuery = (client: CairnClient, drive: string, node: string) =>
  queryOptions({ queryKey: ['node', drive, node], queryFn: ({ signal }) => client.nodes.get(drive, node, { signal }) })

export const versionsQuery = (client: CairnClient, drive: string, node: string) =>
  queryOptions({
    queryKey: ['versions', drive, node],
    queryFn: async ({ signal }) => Array.fromAsync(client.versions.list(drive, node, { signal }))
  })

export const trashQuery = (client: CairnClient, drive: string) =>
  queryOptions({
    queryKey: ['trash', drive],
    structuralSharing: false,
    queryFn: async ({ signal }) => Array.fromAsync(client.trash.list(drive, { signal }))
  })
