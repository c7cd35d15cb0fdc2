import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { remoteDrive } from '../../remote/transfer-drive.ts'

export const installTrashEmpty = (trash: Command, run: CommandRunner): void => {
  trash
    .command('empty')
    .description('delete all that is in the trash for good')
    .addHelpText('after', '\nWith --json: {"emptied":true}.')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), action))
}

async function action(context: CommandContext) {
  const { client, drive, signal } = await remoteDrive(context)
  await client.trash.empty(drive, { signal })
  await context.output.record({ emptied: true })
  return EXIT.ok
}
