import { ApiError } from '@cairn/client'
import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'

export const installLogout = (program: Command, run: CommandRunner): void => {
  program
    .command('logout')
    .description('end the session and forget it')
    .option('--all', 'end all sessions of the account, on all devices')
    .addHelpText('after', '\nWith --json: {"server"}.')
    .action((options: { all?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, options.all ?? false))
    )
}

async function action(context: CommandContext, all: boolean) {
  const { output, signal } = context
  const { server, session, signedIn } = await context.connection()
  try {
    const client = await signedIn()
    await (all ? client.auth.logoutAll({ signal }) : client.auth.logout({ signal }))
  } catch (error) {
    // The session was over already: what remains is to forget it.
    if (!(error instanceof ApiError && error.status === 401)) throw error
  }
  await session.forget()
  await output.record({ server })
  await output.line(`Signed out of ${server}`)
  return EXIT.ok
}
