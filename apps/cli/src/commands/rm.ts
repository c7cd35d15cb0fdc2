import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT, usageError } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { findNode, nodeAt } from '../remote/lookup.ts'
import { formatRemotePath, parseRemotePath } from '../remote/remote-path.ts'
import { remoteDrive } from '../remote/transfer-drive.ts'

interface Options {
  readonly recursive?: boolean
  readonly force?: boolean
}

export const installRm = (program: Command, run: CommandRunner): void => {
  program
    .command('rm')
    .description('put files and folders into the trash')
    .argument('<paths...>', 'on the server')
    .option('-r, --recursive', 'folders too')
    .option('-f, --force', 'what is not there is no error')
    .addHelpText('after', '\n"cairn trash restore" brings them back.\nWith --json, one line per item: {"path","id"}.')
    .action((paths: string[], options: Options, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, paths, options))
    )
}

async function action(context: CommandContext, paths: readonly string[], { recursive, force }: Options) {
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  for (const text of paths) {
    const parsed = parseRemotePath(text)
    const node = force ? await findNode(remote, parsed) : await nodeAt(remote, parsed)
    if (node === undefined) continue
    const path = formatRemotePath(parsed.names)
    if (node.parentId === null) throw usageError('The root folder cannot be removed')
    if (node.kind === 'folder' && !recursive) throw usageError(`${path} is a folder; use -r`)
    await client.nodes.trash(drive, node.id, { signal })
    await context.output.record({ path, id: node.id })
  }
  return EXIT.ok
}
