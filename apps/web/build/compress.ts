import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'

const TEXT = new Set(['.js', '.mjs', '.css', '.html', '.svg', '.json', '.wasm'])
/** Below this a request costs more than the bytes saved. */
const MIN_BYTES = 512

const brotli = promisify(brotliCompress)
const zstd = promisify(zstdCompress)
const gzipped = promisify(gzip)

/** Puts `.br`, `.zst` and `.gz` beside every text file of a folder where they are smaller. */
export const compressFolder = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue
    const plain = await readFile(path)
    if (plain.length < MIN_BYTES) continue
    const [br, zst, gz] = await Promise.all([
      brotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
      zstd(plain, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
      gzipped(plain, { level: 9 })
    ])
    const forms = [
      ['br', br],
      ['zst', zst],
      ['gz', gz]
    ] as const
    for (const [suffix, bytes] of forms) if (bytes.length < plain.length) await writeFile(`${path}.${suffix}`, bytes)
  }
}
