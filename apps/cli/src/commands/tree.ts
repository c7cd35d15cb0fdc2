import type { Node } from '@cairn/client'
import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { nodeAt, type RemoteDrive } from '../remote/lookup.ts'
import { formatRemotePath, parseRemotePath } from '../remote/remote-path.ts'
import { remoteDrive } from '../remote/transfer-drive.ts'
import { positiveInteger } from './arguments.ts'

export const installTree = (program: Command, run: CommandRunner): void => {
  program
    .command('tree')
    .description('show a folder and all that is in it')
    .argument('[path]', 'folder on the server', '/')
    .option('-L, --level <n>', 'levels to show', positiveInteger)
    .addHelpText('after', '\nWith --json, one line per entry: a node as in the HTTP API, and its "path".')
    .action((path: string, options: { level?: number }, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, path, options.level ?? Number.POSITIVE_INFINITY))
    )
}

async function action(context: CommandContext, text: string, levels: number) {
  const { output } = context
  const remote = await remoteDrive(context)
  const path = parseRemotePath(text)
  const top = await nodeAt(remote, path)
  await output.line(formatRemotePath(path.names))
  const visit = async (folder: Node, at: { names: readonly string[]; indent: string }) => {
    const children = top.kind === 'folder' ? await childrenOf(remote, folder) : []
    for (const [index, child] of children.entries()) {
      const last = index === children.length - 1
      const names = [...at.names, child.name]
      await output.record({ path: formatRemotePath(names), ...child })
      await output.line(`${at.indent}${last ? '└── ' : '├── '}${child.name}${child.kind === 'folder' ? '/' : ''}`)
      const depth = names.length - path.names.length
      if (child.kind === 'folder' && depth < levels)
        await visit(child, { names, indent: `${at.indent}${last ? '    ' : '│   '}` })
    }
  }
  await visit(top, { names: path.names, indent: '' })
  return EXIT.ok
}

async function childrenOf({ client, drive, signal }: RemoteDrive, folder: Node): Promise<Node[]> {
  const children: Node[] = []
  for await (const child of client.nodes.children(drive, folder.id, { signal })) children.push(child)
  return children
}
