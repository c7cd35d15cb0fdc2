import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { remoteDrive } from '../../remote/transfer-drive.ts'
import { trashedIds } from '../../remote/trashed.ts'

export const installTrashPurge = (trash: Command, run: CommandRunner): void => {
  trash
    .command('purge')
    .description('delete items in the trash for good')
    .argument('<items...>', 'ids or names')
    .addHelpText('after', '\nWith --json, one line per item: {"id"}.')
    .action((items: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, items))
    )
}

async function action(context: CommandContext, items: readonly string[]) {
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  for (const id of await trashedIds(remote, items)) {
    await client.trash.purge(drive, id, { signal })
    await context.output.record({ id })
  }
  return EXIT.ok
}
