import { writeFile } from 'node:fs/promises'
import { renderBinaries } from './assemble.ts'

await writeFile(new URL('./binaries.gen.ts', import.meta.url), await renderBinaries())
