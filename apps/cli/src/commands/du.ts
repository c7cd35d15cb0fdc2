import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { nodeAt } from '../remote/lookup.ts'
import { formatRemotePath, parseRemotePath } from '../remote/remote-path.ts'
import { remoteDrive } from '../remote/transfer-drive.ts'
import { formatBytes } from '../terminal/format.ts'

export const installDu = (program: Command, run: CommandRunner): void => {
  program
    .command('du')
    .description('sizes of folders, all that is in them included')
    .argument('[paths...]', 'folders and files on the server')
    .option('-b, --bytes', 'exact bytes')
    .addHelpText('after', '\nWith --json, one line per path: {"path","size","kind","id"}, size in bytes.')
    .action((paths: string[], options: { bytes?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, paths, options.bytes ?? false))
    )
}

async function action(context: CommandContext, paths: readonly string[], exact: boolean) {
  const { output } = context
  const remote = await remoteDrive(context)
  for (const text of paths.length === 0 ? ['/'] : paths) {
    const parsed = parseRemotePath(text)
    const node = await nodeAt(remote, parsed)
    const size = node.kind === 'folder' ? node.treeSize : node.size
    const path = formatRemotePath(parsed.names)
    await output.record({ path, size, kind: node.kind, id: node.id })
    await output.line(`${(exact ? String(size) : formatBytes(size)).padStart(10)}  ${path}`)
  }
  return EXIT.ok
}
