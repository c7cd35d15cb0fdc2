import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { findAccount } from '../../remote/accounts.ts'

const install =
  (name: string, description: string, disabled: boolean) =>
  (user: Command, run: CommandRunner): void => {
    user
      .command(name)
      .description(description)
      .argument('<user>', 'name or id')
      .addHelpText('after', '\nWith --json: the account as in the HTTP API.')
      .action((wanted: string, _options: object, command: Command) =>
        run(command.optsWithGlobals(), (context) => action(context, wanted, disabled))
      )
  }

export const installUserDisable = install('disable', 'end all access of an account; its files stay', true)
export const installUserEnable = install('enable', 'let a disabled account sign in again', false)

async function action(context: CommandContext, wanted: string, disabled: boolean) {
  const { output, signal } = context
  const client = await context.client()
  const { id } = await findAccount(client, wanted, signal)
  await output.record(await client.admin.updateUser(id, { disabled }, { signal }))
  return EXIT.ok
}
