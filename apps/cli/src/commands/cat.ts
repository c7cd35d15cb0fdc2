import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { write } from '../context/output.ts'
import { EXIT } from '../exit-codes.ts'
import { readResuming } from '../get/read-resuming.ts'
import type { CommandRunner } from '../program.ts'
import { fileAt } from '../remote/lookup.ts'
import { parseRemotePath } from '../remote/remote-path.ts'
import { transferDrive } from '../remote/transfer-drive.ts'

export const installCat = (program: Command, run: CommandRunner): void => {
  program
    .command('cat')
    .description('write files to the standard output')
    .argument('<paths...>', 'files on the server')
    .addHelpText('after', '\nThe content is written as it is, also with --json.')
    .action((paths: string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, paths))
    )
}

async function action(context: CommandContext, paths: readonly string[]) {
  const remote = await transferDrive(context)
  for (const path of paths) {
    const node = await fileAt(remote, parseRemotePath(path))
    for await (const bytes of readResuming(remote, {
      node: node.id,
      version: node.versionId,
      start: 0,
      end: node.size
    })) {
      await write(context.platform.stdout, bytes)
    }
  }
  return EXIT.ok
}
