import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'

export const installServe = (program: Command, run: CommandRunner): void => {
  program
    .command('serve')
    .description('run the server in the foreground, as "npm start" does (settings: CAIRN_PORT, CAIRN_DATA …)')
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async () => {
        // Loaded here alone: every other command does without the server's code.
        const { serve } = await import('@cairn/app-server')
        await serve()
        return EXIT.ok
      })
    )
}
