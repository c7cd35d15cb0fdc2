import { mkdir, writeFile } from 'node:fs/promises'
import { PROFILE_1 } from '../src/index.ts'
import { computeGoldenVectors } from '../tests/_golden.ts'

/** Never overwrites: vectors of a released profile stay as they are, a change is a new profile. */
const folder = new URL('../vectors/', import.meta.url)
await mkdir(folder, { recursive: true })
const text = `${JSON.stringify(await computeGoldenVectors(), undefined, 2)}\n`
await writeFile(new URL(`profile-${PROFILE_1.id}.json`, folder), text, { flag: 'wx' })
