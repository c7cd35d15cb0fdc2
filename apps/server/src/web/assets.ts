import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

/** A file of the built web app, with the forms in which it may travel. */
export interface Asset {
  readonly type: string
  /** Strong; differs per form. */
  readonly etag: string
  /** Preferred ones first; `identity` is always there. */
  readonly forms: readonly { readonly encoding: 'br' | 'zstd' | 'gzip' | 'identity'; readonly file: string }[]
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2'
}
const FORMS = [
  ['br', 'br'],
  ['zstd', 'zst'],
  ['gzip', 'gz']
] as const

/** Everything in the folder by URL path. Rejects with ENOENT when the app is not built. */
export const readAssets = async (folder: string): Promise<ReadonlyMap<string, Asset>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Set(entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name)))
  const assets = new Map<string, Asset>()
  for (const file of files) {
    if (/\.(?:br|zst|gz)$/.test(file)) continue
    const packed = FORMS.flatMap(([encoding, suffix]) =>
      files.has(`${file}.${suffix}`) ? [{ encoding, file: `${file}.${suffix}` }] : []
    )
    assets.set(`/${relative(folder, file).split(sep).join('/')}`, {
      type: TYPES[extname(file)] ?? 'application/octet-stream',
      etag: createHash('sha256')
        .update(await readFile(file))
        .digest('base64url')
        .slice(0, 22),
      forms: [...packed, { encoding: 'identity', file }]
    })
  }
  return assets
}
