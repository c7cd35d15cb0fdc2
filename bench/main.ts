// Speed of the product beside a plain node:http → file server (and nginx), in the same run. Prints; asserts nothing.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from './child.ts'
import { randomBlocks, textBlocks } from './data.ts'
import { groupMemory } from './memory.ts'
import { startNginx } from './nginx.ts'
import { startProduct } from './product.ts'
import { putTree, smallPuts } from './small-files.ts'
import { median, percentile } from './statistics.ts'
import { compareUpload, download, gigabytes, tusUpload } from './throughput.ts'
import { send } from './transfer.ts'
import { latency, listFirstPage, makeWideFolder, rename } from './tree.ts'

const MEBIBYTES = Number(process.argv[2] ?? 1024)
const ROUNDS = 3
const say = (name: string, value: string, target: string): void =>
  console.log(`${name.padEnd(46)} ${value.padEnd(34)} ${target}`)

const folder = await mkdtemp(join(tmpdir(), 'cairn-bench-floor-'))
await using floor = await startChild([join(import.meta.dirname, 'baseline-server.ts'), folder])
await using product = await startProduct()
const pid = product.server.process.pid ?? 0
say('second start to ready', `${product.secondStartMs.toFixed(0)} ms`, '<= 3000 ms')
say('idle memory, process group (PSS)', `${groupMemory(pid).toFixed(0)} MiB`, '<= 400 MB')

const random = await compareUpload(
  { product, floor },
  { blocks: () => randomBlocks(MEBIBYTES), rounds: ROUNDS, name: 'random' }
)
say(
  'up, random, PUT',
  `${gigabytes(random.product)} of ${gigabytes(random.floor)} = ${(random.product / random.floor).toFixed(2)}x`,
  '>= 0.9x plain pipe'
)
const tus = await tusUpload(product, randomBlocks(MEBIBYTES), 'tus.bin')
say('up, random, tus', `${gigabytes(tus)} = ${(tus / random.floor).toFixed(2)}x`, '>= 0.9x plain pipe')
const text = await compareUpload(
  { product, floor },
  { blocks: () => textBlocks(MEBIBYTES / 2), rounds: ROUNDS, name: 'text' }
)
say(
  'up, text, PUT',
  `${gigabytes(text.product)} of ${gigabytes(text.floor)} = ${(text.product / text.floor).toFixed(2)}x`,
  '>= 0.5x plain pipe'
)
say('memory after uploads', `${groupMemory(pid).toFixed(0)} MiB`, '')

await send({ port: floor.port, path: '/', method: 'PUT' }, { blocks: randomBlocks(MEBIBYTES) })
await using nginx = await startNginx(folder)
const downs: { product: number[]; plain: number[]; nginx: number[] } = { product: [], plain: [], nginx: [] }
for (let round = 0; round < 5; round += 1) {
  const path = '/v1/drives/personal/files/random-0'
  downs.product.push(await download({ port: product.port, path, headers: product.headers }))
  downs.plain.push(await download({ port: floor.port, path: '/' }))
  if (nginx) downs.nginx.push(await download({ port: nginx.port, path: '/baseline.bin' }))
}
const down = median(downs.product)
say('down, random', `${gigabytes(down)} = ${(down / random.floor).toFixed(2)}x of plain up`, '>= 2x plain pipe up')
say(
  '  beside plain createReadStream().pipe',
  `${gigabytes(median(downs.plain))} = ${(down / median(downs.plain)).toFixed(2)}x`,
  ''
)
say(
  '  beside nginx sendfile',
  nginx ? `${gigabytes(median(downs.nginx))} = ${(down / median(downs.nginx)).toFixed(2)}x` : 'nginx is not installed',
  '>= 0.7x'
)
const range = async (index: number): Promise<unknown> => {
  const start = ((index * 7919) % (MEBIBYTES - 2)) * 1024 * 1024 + 12_345
  const headers = { ...product.headers, range: `bytes=${start}-${start + 1024 * 1024 - 1}` }
  return send({ port: product.port, path: '/v1/drives/personal/files/random-0', headers })
}
await latency(50, range)
say('1 MiB range, p50', `${(await latency(300, range)).toFixed(2)} ms`, '<= 2 ms')

await smallPuts(product, 400, 8)
say('PUT 4 KiB, 8 at a time', `${(await smallPuts(product, 3000, 8)).toFixed(0)} /s`, '>= 800 /s')
await putTree(product, folder, 500)
say('cairn put -r, 2000 x 4 KiB', `${(await putTree(product, folder, 2000)).toFixed(0)} files/s`, '>= 1000 files/s')

const wide = await makeWideFolder(product, 'wide', 10_000)
await latency(10, () => listFirstPage(product, wide))
say(
  'list a folder of 10,000, first page',
  `${(await latency(100, () => listFirstPage(product, wide))).toFixed(2)} ms`,
  '<= 20 ms'
)
const huge = await makeWideFolder(product, 'huge', 100_000)
await rename(product, huge, 'huge 0')
const renames: number[] = []
for (let index = 1; index <= 20; index += 1)
  renames.push(await latency(1, () => rename(product, huge, `huge ${index}`)))
say(
  'rename a folder with 100,000 inside, p50 / p95',
  `${median(renames).toFixed(1)} / ${percentile(renames, 0.95).toFixed(1)} ms`,
  '<= 20 ms'
)
say('memory at the end', `${groupMemory(pid).toFixed(0)} MiB`, '')
await rm(folder, { recursive: true, force: true })
