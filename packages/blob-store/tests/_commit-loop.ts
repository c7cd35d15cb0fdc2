import { createHash } from 'node:crypto'
import { createFilesystemBlobStore } from '../src/filesystem/index.ts'

/** Run as a process of its own: commits objects named by their content's hash until it is killed, printing each one that is acknowledged. */
const [root = '', writers = '8'] = process.argv.slice(2)
const store = await createFilesystemBlobStore({ root })

const commitForever = async (writer: number): Promise<never> => {
  for (let round = 0; ; round += 1) {
    const content = Buffer.alloc(20_000 + round, `${process.pid}.${writer}.${round} `)
    const name = createHash('sha256').update(content).digest('hex')
    const key = `v1/vault/${name.slice(0, 2)}/${name}`
    const blob = await store.create(key)
    await blob.write([content.subarray(0, 9000), content.subarray(9000)])
    await blob.commit()
    process.stdout.write(`${key}\n`)
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, index) => commitForever(index)))
