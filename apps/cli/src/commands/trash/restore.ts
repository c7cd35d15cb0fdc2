import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { remoteDrive } from '../../remote/transfer-drive.ts'
import { trashedIds } from '../../remote/trashed.ts'

export const installTrashRestore = (trash: Command, run: CommandRunner): void => {
  trash
    .command('restore')
    .description('bring items back to where they were')
    .argument('<items...>', 'ids or names')
    .addHelpText('after', '\nWith --json, one line per item: the node as it is now.')
    .action((items: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, items))
    )
}

async function action(context: CommandContext, items: readonly string[]) {
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  for (const id of await trashedIds(remote, items)) {
    const node = await client.trash.restore(drive, id, { signal })
    await context.output.record(node)
    await context.output.line(`restored ${node.name}`)
  }
  return EXIT.ok
}
