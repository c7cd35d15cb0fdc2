import { spawn } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Product } from './product.ts'
import { inParallel, seconds } from './statistics.ts'
import { requireOk, send } from './transfer.ts'

const SIZE = 4096

/** Plain PUTs a second of 4 KiB files, `width` at a time. */
export const smallPuts = async (product: Product, count: number, width: number): Promise<number> => {
  const took = await seconds(() =>
    inParallel(width, count, async (index) => {
      const path = `/v1/drives/personal/files/small-${count}-${index}`
      const blocks = [randomFillSync(Buffer.alloc(SIZE))]
      requireOk(
        await send({ port: product.port, path, method: 'PUT', headers: product.headers }, { blocks }),
        'small put'
      )
    })
  )
  return count / took
}

/** Files a second of `cairn put -r` over a folder of `count` files of 4 KiB. */
export const putTree = async (product: Product, folder: string, count: number): Promise<number> => {
  const tree = join(folder, `tree-${count}`)
  for (let index = 0; index < count; index += 1) {
    const place = join(tree, `d${index % 20}`)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, `f${index}`), randomFillSync(Buffer.alloc(SIZE)))
  }
  const cli = join(import.meta.dirname, '../apps/cli/src/main.ts')
  const env = {
    ...process.env,
    CAIRN_URL: `http://127.0.0.1:${product.port}`,
    CAIRN_TOKEN: String(product.headers['authorization']).slice('Bearer '.length)
  }
  const took = await seconds(async () => {
    const args = ['--disable-warning=ExperimentalWarning', cli, '-q', 'put', '-r', tree, '/']
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    if (code !== 0) throw new Error(`cairn put ended with ${String(code)}`)
  })
  return count / took
}
