import { usageError } from '../exit-codes.ts'

/** A path in a drive, as names from the root; none = the root itself. */
export interface RemotePath {
  readonly names: readonly string[]
  /** Written with a slash at the end: it means a folder. */
  readonly folder: boolean
}

/** `a/b`, `/a/b` and `/a//b/` are the same place. @throws CliError for `..`, which would be ambiguous. */
export function parseRemotePath(text: string): RemotePath {
  const names = text.split('/').filter((name) => name !== '' && name !== '.')
  if (names.includes('..')) throw usageError(`"${text}": ".." is not understood in paths on the server`)
  return { names, folder: names.length === 0 || text.endsWith('/') || text.endsWith('/.') }
}

export const formatRemotePath = (names: readonly string[]): string => `/${names.join('/')}`

/** Where an entry stands: its folder's path and its name. @throws CliError for the root. */
export function splitRemotePath(path: RemotePath): { parent: RemotePath; name: string } {
  const name = path.names.at(-1)
  if (name === undefined) throw usageError('The root folder cannot be used here')
  return { parent: { names: path.names.slice(0, -1), folder: true }, name }
}
