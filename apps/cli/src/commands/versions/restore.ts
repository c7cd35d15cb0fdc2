import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { fileAt } from '../../remote/lookup.ts'
import { parseRemotePath } from '../../remote/remote-path.ts'
import { remoteDrive } from '../../remote/transfer-drive.ts'

export const installVersionsRestore = (versions: Command, run: CommandRunner): void => {
  versions
    .command('restore')
    .description('make an earlier version the current one; the present one stays in the list')
    .argument('<path>', 'file on the server')
    .argument('<version>', 'id from "cairn versions list"')
    .addHelpText('after', '\nWith --json: the node as it is now.')
    .action((path: string, version: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, path, version))
    )
}

async function action(context: CommandContext, path: string, version: string) {
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  const file = await fileAt(remote, parseRemotePath(path))
  await context.output.record(await client.versions.restore(drive, { node: file.id, version }, { signal }))
  return EXIT.ok
}
