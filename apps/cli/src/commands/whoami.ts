import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'

export const installWhoami = (program: Command, run: CommandRunner): void => {
  program
    .command('whoami')
    .description('who is signed in, and where')
    .addHelpText('after', '\nWith --json: {"server","user"}.')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), action))
}

async function action({ connection, output, signal }: CommandContext) {
  const { server, signedIn } = await connection()
  const user = await (await signedIn()).auth.me({ signal })
  await output.record({ server, user })
  await output.line(`${user.username}${user.admin ? ' (administrator)' : ''} on ${server}`)
  return EXIT.ok
}
