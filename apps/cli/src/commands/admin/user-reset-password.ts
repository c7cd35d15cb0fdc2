import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { findAccount } from '../../remote/accounts.ts'

export const installUserResetPassword = (user: Command, run: CommandRunner): void => {
  user
    .command('reset-password')
    .description('make a link with which the user chooses a new password; hand it over yourself')
    .argument('<user>', 'name or id')
    .addHelpText('after', '\nWith --json: {"token","url","expiresAt"}.')
    .action((wanted: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, wanted))
    )
}

async function action(context: CommandContext, wanted: string) {
  const { output, signal } = context
  const client = await context.client()
  const { id } = await findAccount(client, wanted, signal)
  const reset = await client.admin.resetPassword(id, { signal })
  await output.record(reset)
  await output.line(reset.url)
  return EXIT.ok
}
