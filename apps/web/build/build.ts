import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { compressFolder } from './compress.ts'

/** Builds the web app beside the old one and swaps them: a server that runs meanwhile never serves half of it. */
const root = join(import.meta.dirname, '..')
const fresh = join(root, `dist.${process.pid}`)
const final = join(root, 'dist')
const [stamp = ''] = process.argv.slice(2)

await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } })
await compressFolder(fresh)
await writeFile(join(fresh, 'stamp'), stamp)
const old = `${fresh}.old`
if (existsSync(final)) await rename(final, old)
await rename(fresh, final)
await rm(old, { recursive: true, force: true })
