import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { usageError } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { planSources } from '../put/destination.ts'
import { type PutOptions, put } from '../put/put.ts'
import { putStream } from '../put/put-stream.ts'
import { putTree } from '../put/put-tree.ts'
import { ensureFolder, findNode } from '../remote/lookup.ts'
import { formatRemotePath, parseRemotePath, splitRemotePath } from '../remote/remote-path.ts'
import { transferDrive } from '../remote/transfer-drive.ts'
import { positiveInteger } from './arguments.ts'

interface Options {
  readonly recursive?: boolean
  readonly jobs: number
  readonly checksum?: boolean
}

const HELP = `
The last argument is the place on the server; with one argument it is the root folder.
  cairn put report.pdf /Documents/        into the folder, made when missing
  cairn put report.pdf /Documents/r.pdf   under another name
  cairn put -r photos /Backup             makes or updates /Backup/photos
  cairn put -r photos/ /Backup            what is in photos goes straight into /Backup
  tar c . | cairn put - /Backup/all.tar   from a pipe

Files whose size and modification time are those on the server are left alone, so repeating a put
sends only what changed. A changed file becomes a new version. Symbolic links (but not those named
as arguments), pipes, sockets and devices are skipped.

After an interruption run the same command again: what had arrived is not sent twice.

With --json, one line per file or folder:
  {"status","type","path","remote","size","nodeId","versionId","reason","error":{"code","message"}}
  status: uploaded, updated, unchanged, created, skipped or failed
and at the end {"type":"summary","uploaded","unchanged","folders","skipped","failed","bytes","sentBytes"}.`

export const installPut = (program: Command, run: CommandRunner): void => {
  program
    .command('put')
    .description('send files and folders to the server')
    .argument('<paths...>', 'local files and folders, then the place on the server')
    .option('-r, --recursive', 'send folders with all that is in them')
    .option('-j, --jobs <n>', 'requests at once', positiveInteger, 4)
    .option('-c, --checksum', 'compare the content where the size is equal but the time is not')
    .addHelpText('after', HELP)
    .action((paths: string[], options: Options, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, paths, options))
    )
}

async function action(context: CommandContext, paths: readonly string[], options: Options) {
  const sources = paths.length > 1 ? paths.slice(0, -1) : paths
  const target = paths.length > 1 ? paths.at(-1) : undefined
  const remote = await transferDrive(context)
  const { cwd } = context.platform
  const settings: PutOptions = {
    jobs: options.jobs,
    checksum: options.checksum ?? false,
    identity: [cwd, ...paths]
  }
  if (!sources.includes('-')) {
    const planned = await planSources(remote, { sources, target, recursive: options.recursive ?? false, cwd })
    return put(context, { remote, options: settings, work: (run) => putTree(run, planned) })
  }
  const path = parseRemotePath(target ?? '/')
  if (sources.length > 1 || path.folder) throw usageError('"-" sends one stream; give its full path on the server')
  const { parent, name } = splitRemotePath(path)
  const [folder, standing] = [await ensureFolder(remote, parent), await findNode(remote, path)]
  const place = { parentId: folder.id, name, remote: formatRemotePath(path.names), replaces: standing !== undefined }
  const work = (run: Parameters<typeof putStream>[0]) => putStream(run, context.platform.stdin, place)
  return put(context, { remote, options: settings, work })
}
