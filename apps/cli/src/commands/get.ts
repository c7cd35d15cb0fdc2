import { stat } from 'node:fs/promises'
import { basename, dirname, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { CliError, EXIT, usageError } from '../exit-codes.ts'
import { get } from '../get/get.ts'
import { type GetSource, getTree } from '../get/get-tree.ts'
import { localName } from '../get/local-name.ts'
import type { CommandRunner } from '../program.ts'
import { nodeAt, type RemoteDrive } from '../remote/lookup.ts'
import { formatRemotePath, parseRemotePath } from '../remote/remote-path.ts'
import { transferDrive } from '../remote/transfer-drive.ts'
import { isSystemError } from '../system-error.ts'
import { positiveInteger } from './arguments.ts'

interface Options {
  readonly recursive?: boolean
  readonly jobs: number
  /** Commander's form of --no-clobber. */
  readonly clobber: boolean
}

const HELP = `
The last argument is the local place; with one argument it is the current folder.
  cairn get /Documents/report.pdf              as report.pdf
  cairn get /Documents/report.pdf r.pdf        under another name
  cairn get -r /Photos backup                  makes or updates backup/Photos
  cairn get -r /Photos/ backup                 what is in Photos goes straight into backup

Files whose size and modification time are equal are left alone; others are replaced once the
new content is complete. After an interruption run the same command again: it goes on where it
stopped. Names this system cannot hold are written with %XX. Nothing is written through links.

With --json, one line per file (and per folder that failed):
  {"status","type","remote","path","size","versionId","reason","error":{"code","message"}}
  status: downloaded, unchanged, skipped or failed
and at the end {"type":"summary","downloaded","unchanged","skipped","failed","bytes"}.`

export const installGet = (program: Command, run: CommandRunner): void => {
  program
    .command('get')
    .description('fetch files and folders from the server')
    .argument('<paths...>', 'files and folders on the server, then the local place')
    .option('-r, --recursive', 'fetch folders with all that is in them')
    .option('-j, --jobs <n>', 'transfers at once', positiveInteger, 4)
    .option('-n, --no-clobber', 'leave local files that differ as they are')
    .addHelpText('after', HELP)
    .action((paths: string[], options: Options, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, paths, options))
    )
}

async function action(context: CommandContext, paths: readonly string[], options: Options) {
  const froms = paths.length > 1 ? paths.slice(0, -1) : paths
  const to = paths.length > 1 ? (paths.at(-1) ?? '.') : '.'
  const remote = await transferDrive(context)
  const sources = await plan(context, remote, { froms, to, recursive: options.recursive ?? false })
  const settings = { jobs: options.jobs, noClobber: !options.clobber }
  return get(context, { remote, options: settings, work: (run) => getTree(run, sources) })
}

interface Arguments {
  readonly froms: readonly string[]
  readonly to: string
  readonly recursive: boolean
}

async function plan({ platform }: CommandContext, remote: RemoteDrive, { froms, to, recursive }: Arguments) {
  const target = resolve(platform.cwd, to)
  const isFolder = await isExistingFolder(target)
  const sources: GetSource[] = []
  for (const from of froms) {
    const path = parseRemotePath(from)
    const node = await nodeAt(remote, path)
    const shown = formatRemotePath(path.names)
    if (node.kind === 'folder') {
      if (!recursive) throw usageError(`${shown} is a folder; use -r`)
      sources.push({
        node,
        remote: shown,
        into: target,
        name: path.folder ? undefined : localName(node.name, platform.os)
      })
      continue
    }
    if (path.folder) throw new CliError(EXIT.conflict, 'not_a_folder', `${shown} is not a folder`)
    const intoFolder = isFolder || froms.length > 1 || to.endsWith('/') || to.endsWith(sep)
    sources.push(
      intoFolder
        ? { node, remote: shown, into: target, name: localName(node.name, platform.os) }
        : { node, remote: shown, into: dirname(target), name: basename(target) }
    )
  }
  return sources
}

async function isExistingFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false
    throw error
  }
}
