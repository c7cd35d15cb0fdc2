import type { Node } from '@cairn/client'
import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { nodeAt } from '../remote/lookup.ts'
import { parseRemotePath } from '../remote/remote-path.ts'
import { remoteDrive } from '../remote/transfer-drive.ts'
import { formatBytes, formatTime } from '../terminal/format.ts'

export const installLs = (program: Command, run: CommandRunner): void => {
  program
    .command('ls')
    .description('list a folder')
    .argument('[path]', 'folder or file on the server', '/')
    .option('-l, --long', 'with size and time')
    .addHelpText('after', '\nWith --json, one node per line, as in the HTTP API.')
    .action((path: string, options: { long?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, path, options.long ?? false))
    )
}

async function action(context: CommandContext, path: string, long: boolean) {
  const { output } = context
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  const print = async (node: Node) => {
    await output.record(node)
    await output.line(long ? longLine(node) : node.name + (node.kind === 'folder' ? '/' : ''))
  }
  const node = await nodeAt(remote, parseRemotePath(path))
  if (node.kind === 'file') await print(node)
  else for await (const child of client.nodes.children(drive, node.id, { signal })) await print(child)
  return EXIT.ok
}

const longLine = (node: Node): string => {
  const size = formatBytes(node.kind === 'folder' ? node.treeSize : node.size).padStart(10)
  const name = node.name + (node.kind === 'folder' ? '/' : '')
  return `${size}  ${formatTime(node.kind === 'folder' ? node.modifiedAt : node.mtime)}  ${name}`
}
