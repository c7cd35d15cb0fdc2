import type { Client } from './_api.ts'
import { expectStatus } from './_http.ts'

export interface Route {
  /** "GET /v1/drives/{drive}". */
  readonly label: string
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

interface Operation {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly responses?: Readonly<Record<string, unknown>>
}

/** All operations of /v1/openapi.json. */
export const readRoutes = async (client: Client): Promise<Route[]> => {
  const { paths } = expectStatus(await client.get('/v1/openapi.json'), 200).json<{
    paths: Record<string, Record<string, Operation>>
  }>()
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      label: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation
    }))
  )
}
