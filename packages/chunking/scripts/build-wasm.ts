import { writeFile } from 'node:fs/promises'
import { renderBinaries } from './assemble-wasm.ts'

await writeFile(new URL('../src/wasm/binaries.gen.ts', import.meta.url), await renderBinaries())
