import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { ensureFolder, folderAt } from '../remote/lookup.ts'
import { parseRemotePath, splitRemotePath } from '../remote/remote-path.ts'
import { remoteDrive } from '../remote/transfer-drive.ts'

export const installMkdir = (program: Command, run: CommandRunner): void => {
  program
    .command('mkdir')
    .description('make folders')
    .argument('<paths...>', 'folders on the server')
    .option('-p, --parents', 'make missing parents too; an existing folder is no error')
    .addHelpText('after', '\nWith --json, one line per folder: a node as in the HTTP API.')
    .action((paths: string[], options: { parents?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, paths, options.parents ?? false))
    )
}

async function action(context: CommandContext, paths: readonly string[], parents: boolean) {
  const { output } = context
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  for (const text of paths) {
    const path = parseRemotePath(text)
    if (parents) {
      await output.record(await ensureFolder(remote, path))
      continue
    }
    const { parent, name } = splitRemotePath(path)
    const folder = await folderAt(remote, parent)
    await output.record(
      await client.nodes.makeFolder(drive, { parentId: folder.id, name, exclusive: true }, { signal })
    )
  }
  return EXIT.ok
}
