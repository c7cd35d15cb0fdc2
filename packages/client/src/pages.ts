import type { Page } from './models.ts'

/** Walks all pages; the next one is asked for only when it is needed. */
export async function* pages<T>(load: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T, void, void> {
  let cursor: string | undefined
  do {
    const page = await load(cursor)
    yield* page.items
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}
