import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT, usageError } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { nodeAt } from '../remote/lookup.ts'
import { moveTargets } from '../remote/move-target.ts'
import { parseRemotePath } from '../remote/remote-path.ts'
import { remoteDrive } from '../remote/transfer-drive.ts'

export const installMv = (program: Command, run: CommandRunner): void => {
  program
    .command('mv')
    .description('move or rename')
    .argument('<paths...>', 'what, then the folder or the new name')
    .option('--rename', 'choose a free name when the wanted one is taken (default: exit status 5)')
    .addHelpText('after', '\nWith --json, one line per source: the node as it is now.')
    .action((paths: string[], options: { rename?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, paths, options.rename ? 'rename' : 'fail'))
    )
}

async function action(context: CommandContext, paths: readonly string[], onConflict: 'rename' | 'fail') {
  const to = paths.at(-1)
  if (paths.length < 2 || to === undefined) throw usageError('Give at least two paths')
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  const sources = await Promise.all(paths.slice(0, -1).map((path) => nodeAt(remote, parseRemotePath(path))))
  const targets = await moveTargets(remote, sources, to)
  for (const [index, source] of sources.entries()) {
    const target = targets[index]
    if (target !== undefined)
      await context.output.record(await client.nodes.update(drive, source.id, { ...target, onConflict }, { signal }))
  }
  return EXIT.ok
}
