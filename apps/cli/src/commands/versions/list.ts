import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { fileAt } from '../../remote/lookup.ts'
import { parseRemotePath } from '../../remote/remote-path.ts'
import { remoteDrive } from '../../remote/transfer-drive.ts'
import { formatBytes, formatTime } from '../../terminal/format.ts'

export const installVersionsList = (versions: Command, run: CommandRunner): void => {
  versions
    .command('list')
    .description('newest first')
    .argument('<path>', 'file on the server')
    .addHelpText('after', '\nWith --json, one version per line, as in the HTTP API.')
    .action((path: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, path))
    )
}

async function action(context: CommandContext, path: string) {
  const remote = await remoteDrive(context)
  const { client, drive, signal } = remote
  const file = await fileAt(remote, parseRemotePath(path))
  for await (const version of client.versions.list(drive, file.id, { signal })) {
    await context.output.record(version)
    const current = version.id === file.versionId ? '  current' : ''
    await context.output.line(
      `${version.id}  ${formatTime(version.createdAt)}  ${formatBytes(version.size).padStart(10)}${current}`
    )
  }
  return EXIT.ok
}
