import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** One installed copy of PostgreSQL's programs and libraries. */
export interface PostgresBinaries {
  /** Folder holding bin, lib and share. */
  readonly root: string
  /** Version of the package they came from, e.g. "18.4.0". */
  readonly version: string
}

const executable = (name: string) => (process.platform === 'win32' ? `${name}.exe` : name)

export const programPath = (binaries: PostgresBinaries, name: 'initdb' | 'postgres' | 'pg_ctl'): string =>
  join(binaries.root, 'bin', executable(name))

export const majorVersion = (binaries: PostgresBinaries): string => binaries.version.split('.')[0] ?? ''

/** Finds the optional npm package made for this platform. */
export const locateBinaries = async (): Promise<PostgresBinaries> => {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))
    const home = dirname(dirname(entry))
    const manifest: unknown = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
    return { root: join(home, 'native'), version: versionOf(manifest) }
  } catch (error) {
    throw new EmbeddedPostgresError(
      'unsupported_platform',
      `no embedded PostgreSQL is installed for ${platform}: reinstall with optional dependencies, ` +
        'or use a PostgreSQL server of your own',
      { cause: error }
    )
  }
}

const versionOf = (manifest: unknown): string => {
  const version: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : ''
  if (typeof version !== 'string' || !/^\d+\./.test(version)) throw new Error('the package has no version')
  return version
}
