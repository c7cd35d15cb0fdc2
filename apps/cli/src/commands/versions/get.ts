import { basename, dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { CliError, EXIT } from '../../exit-codes.ts'
import { download } from '../../get/download.ts'
import { get } from '../../get/get.ts'
import { openTarget } from '../../get/target-folder.ts'
import type { CommandRunner } from '../../program.ts'
import { fileAt, type RemoteDrive } from '../../remote/lookup.ts'
import { formatRemotePath, parseRemotePath } from '../../remote/remote-path.ts'
import { transferDrive } from '../../remote/transfer-drive.ts'
import { positiveInteger } from '../arguments.ts'

export const installVersionsGet = (versions: Command, run: CommandRunner): void => {
  versions
    .command('get')
    .description('fetch an earlier version')
    .argument('<path>', 'file on the server')
    .argument('<version>', 'id from "cairn versions list"')
    .argument('<file>', 'local file to write')
    .option('-j, --jobs <n>', 'transfers at once', positiveInteger, 4)
    .addHelpText('after', '\nWith --json: as "cairn get".')
    .action((path: string, version: string, file: string, options: { jobs: number }, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, { path, version, file, ...options }))
    )
}

interface Arguments {
  readonly path: string
  readonly version: string
  readonly file: string
  readonly jobs: number
}

async function action(context: CommandContext, { path, version, file, jobs }: Arguments) {
  const remote = await transferDrive(context)
  const parsed = parseRemotePath(path)
  const node = await fileAt(remote, parsed)
  const wanted = await findVersion(remote, node.id, version)
  const target = resolve(context.platform.cwd, file)
  await using folder = await openTarget(dirname(target))
  const name = basename(target)
  const options = { jobs, noClobber: false }
  const work = (run: Parameters<typeof download>[0]) =>
    download(run, { node, remote: formatRemotePath(parsed.names), folder, name, version: wanted })
  return await get(context, { remote, options, work })
}

async function findVersion({ client, drive, signal }: RemoteDrive, node: string, id: string) {
  for await (const version of client.versions.list(drive, node, { signal })) if (version.id === id) return version
  throw new CliError(EXIT.notFound, 'not_found', `There is no version ${id}`)
}
