import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { remoteDrive } from '../../remote/transfer-drive.ts'
import { formatBytes, formatTime } from '../../terminal/format.ts'

export const installTrashList = (trash: Command, run: CommandRunner): void => {
  trash
    .command('list')
    .description('what is in the trash, with ids')
    .addHelpText('after', '\nWith --json, one node per line, as in the HTTP API.')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), action))
}

async function action(context: CommandContext) {
  const { client, drive, signal } = await remoteDrive(context)
  for await (const node of client.trash.list(drive, { signal })) {
    await context.output.record(node)
    const size = formatBytes(node.kind === 'folder' ? node.treeSize : node.size).padStart(10)
    const path = node.trashedPath + (node.kind === 'folder' ? '/' : '')
    await context.output.line(`${node.id}  ${size}  ${formatTime(node.trashedAt)}  ${path}`)
  }
  return EXIT.ok
}
