import { basename, resolve, sep } from 'node:path'
import { CliError, EXIT, usageError } from '../exit-codes.ts'
import { ensureFolder, findNode, type RemoteDrive } from '../remote/lookup.ts'
import { formatRemotePath, parseRemotePath, type RemotePath, splitRemotePath } from '../remote/remote-path.ts'
import { isSystemError } from '../system-error.ts'
import { lookNamed } from './local-entries.ts'
import type { PutSource } from './put-tree.ts'

export interface PutArguments {
  readonly sources: readonly string[]
  /** As given; the root when absent. */
  readonly target: string | undefined
  readonly recursive: boolean
  readonly cwd: string
}

/**
 * What goes where. A folder `dir` becomes `<target>/dir`, whether or not the target exists; the
 * content of `dir/` goes straight into the target. One file may be given a new name.
 */
export async function planSources(remote: RemoteDrive, args: PutArguments): Promise<PutSource[]> {
  const entries = await Promise.all(args.sources.map((source) => lookSource(args, source)))
  const target = parseRemotePath(args.target ?? '/')
  const [only] = entries
  if (entries.length === 1 && only?.entry.type === 'file' && !target.folder) {
    const standing = await findNode(remote, target)
    if (standing?.kind !== 'folder') return [await renamed(remote, only, target)]
  }
  const folder = await ensureFolder(remote, target)
  return entries.map((source) => ({ ...source, folder, folderPath: formatRemotePath(target.names) }))
}

type LocalSource = Pick<PutSource, 'entry' | 'name'>

async function lookSource({ cwd, recursive }: PutArguments, source: string): Promise<LocalSource> {
  const path = resolve(cwd, source)
  const name = basename(path)
  const entry = await lookNamed(path, name).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR'))
      throw new CliError(EXIT.notFound, 'not_found', `${source}: no such file`)
    throw error
  })
  if (entry.type === 'folder' && !recursive) throw usageError(`${source} is a folder; use -r`)
  const contentOnly =
    entry.type === 'folder' && (source.endsWith('/') || source.endsWith(sep) || /(^|[\\/])\.{1,2}$/.test(source))
  return { entry, name: contentOnly || name === '' ? undefined : name }
}

async function renamed(remote: RemoteDrive, source: LocalSource, target: RemotePath): Promise<PutSource> {
  const { parent, name } = splitRemotePath(target)
  const folder = await ensureFolder(remote, parent)
  return { ...source, name, folder, folderPath: formatRemotePath(parent.names) }
}
