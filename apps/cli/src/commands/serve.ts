import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'

export const installServe = (program: Command, run: CommandRunner): void => {
  program
    .command('serve')
    .description('run the server in the foreground (settings: CAIRN_PORT, CAIRN_DATA … see the README)')
    .option('--modules <names>', 'which of its services run in this process', 'all')
    .action((options: { modules: string }, command: Command) =>
      run(command.optsWithGlobals(), async () => {
        const { runServer } = await import('@cairn/app-server')
        await runServer({ modules: options.modules })
        return EXIT.ok
      })
    )
}
