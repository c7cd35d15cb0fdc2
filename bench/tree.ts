import { type Product, post } from './product.ts'
import { median } from './statistics.ts'
import { requireOk, send } from './transfer.ts'

const PER_CALL = 500

interface Node {
  readonly id: string
}

/** A folder with `count` folders in it, made through the API. */
export const makeWideFolder = async (product: Product, name: string, count: number): Promise<Node> => {
  const { port, headers } = product
  const root = JSON.parse((await send({ port, path: '/v1/drives/personal', headers })).body) as { rootId: string }
  const parent = await makeFolder(product, root.rootId, name)
  for (let made = 0; made < count; made += PER_CALL) {
    const operations = Array.from({ length: Math.min(PER_CALL, count - made) }, (_, index) => ({
      opId: crypto.randomUUID(),
      op: 'make_folder',
      parentId: parent.id,
      name: `entry ${made + index}`
    }))
    await post(port, '/v1/drives/personal/operations', { operations }, headers)
  }
  return parent
}

const makeFolder = async (product: Product, parentId: string, name: string): Promise<Node> => {
  const made = await post(product.port, '/v1/drives/personal/folders', { parentId, name }, product.headers)
  return { id: String(made['id'] ?? (made['node'] as Node | undefined)?.id) }
}

/** Median milliseconds of a request, seen by the client. */
export const latency = async (times: number, request: (index: number) => Promise<unknown>): Promise<number> => {
  const took: number[] = []
  for (let index = 0; index < times; index += 1) {
    const began = performance.now()
    await request(index)
    took.push(performance.now() - began)
  }
  return median(took)
}

export const listFirstPage = async (product: Product, folder: Node): Promise<void> => {
  const path = `/v1/drives/personal/nodes/${folder.id}/children?limit=100`
  requireOk(await send({ port: product.port, path, headers: product.headers }), 'list')
}

export const rename = async (product: Product, folder: Node, name: string): Promise<void> => {
  const headers = { ...product.headers, 'content-type': 'application/json' }
  const blocks = [Buffer.from(JSON.stringify({ name }))]
  const path = `/v1/drives/personal/nodes/${folder.id}`
  requireOk(await send({ port: product.port, path, method: 'PATCH', headers }, { blocks }), 'rename')
}
