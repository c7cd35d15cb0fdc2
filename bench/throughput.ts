import type { ChildServer } from './child.ts'
import type { Product } from './product.ts'
import { median, seconds } from './statistics.ts'
import { requireOk, send } from './transfer.ts'

const GIGABYTE = 1e9

/** Bytes a second, alternating product and floor so that both meet the same disk. */
export interface Compared {
  readonly product: number
  readonly floor: number
}

export const compareUpload = async (
  sides: { product: Product; floor: ChildServer },
  input: { blocks: () => readonly Buffer[]; rounds: number; name: string }
): Promise<Compared> => {
  const product: number[] = []
  const floor: number[] = []
  for (let round = 0; round < input.rounds; round += 1) {
    const blocks = input.blocks()
    const bytes = blocks.reduce((sum, block) => sum + block.length, 0)
    const plain = { port: sides.floor.port, path: '/', method: 'PUT' }
    floor.push(bytes / (await seconds(async () => requireOk(await send(plain, { blocks }), 'floor'))))
    const path = `/v1/drives/personal/files/${input.name}-${round}`
    const target = { port: sides.product.port, path, method: 'PUT', headers: sides.product.headers }
    product.push(bytes / (await seconds(async () => requireOk(await send(target, { blocks }), 'put'))))
  }
  return { product: median(product), floor: median(floor) }
}

/** tus: create, then one PATCH. */
export const tusUpload = async (product: Product, blocks: readonly Buffer[], name: string): Promise<number> => {
  const length = blocks.reduce((sum, block) => sum + block.length, 0)
  const headers = { ...product.headers, 'tus-resumable': '1.0.0' }
  const took = await seconds(async () => {
    const metadata = `filename ${Buffer.from(name).toString('base64')}`
    const create = { 'upload-length': String(length), 'upload-metadata': metadata, 'content-length': '0' }
    const made = requireOk(
      await send({ port: product.port, path: '/v1/uploads', method: 'POST', headers: { ...headers, ...create } }),
      'tus create'
    )
    const path = new URL(String(made.headers['location']), 'http://localhost').pathname
    const patch = { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    requireOk(await send({ port: product.port, path, method: 'PATCH', headers: patch }, { blocks }), 'tus patch')
  })
  return length / took
}

export const download = async (target: { port: number; path: string; headers?: Readonly<Record<string, string>> }) => {
  let bytes = 0
  const took = await seconds(async () => {
    bytes = requireOk(await send(target), 'download').bytes
  })
  return bytes / took
}

export const gigabytes = (rate: number): string => `${(rate / GIGABYTE).toFixed(2)} GB/s`
