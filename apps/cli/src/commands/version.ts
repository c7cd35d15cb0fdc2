import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { VERSION } from '../version.ts'

export const installVersion = (program: Command, run: CommandRunner): void => {
  program
    .command('version')
    .description('the version of this program')
    .addHelpText('after', '\nWith --json: {"version","node"}.')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async ({ output }) => {
        await output.record({ version: VERSION, node: process.version })
        await output.line(`cairn ${VERSION} (Node ${process.version})`)
        return EXIT.ok
      })
    )
}
