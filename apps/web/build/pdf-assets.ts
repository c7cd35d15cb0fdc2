import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const FOLDERS = ['cmaps', 'standard_fonts', 'wasm', 'iccs']

/** What pdf.js fetches by name at run time: character maps, fonts, decoders. The name carries the version. */
export const pdfAssets = (): Plugin => {
  const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  return {
    name: 'cairn:pdf-assets',
    apply: 'build',
    async config() {
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
      return { define: { __PDF_ASSETS__: JSON.stringify(`/static/pdf-${version}/`) } }
    },
    async generateBundle() {
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
      for (const folder of FOLDERS) {
        for (const file of await readdir(join(root, folder))) {
          if (file.startsWith('LICENSE')) continue
          const source = await readFile(join(root, folder, file))
          this.emitFile({ type: 'asset', fileName: `static/pdf-${version}/${folder}/${file}`, source })
        }
      }
    }
  }
}
