import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'

export const installUserList = (user: Command, run: CommandRunner): void => {
  user
    .command('list')
    .description('all accounts')
    .addHelpText('after', '\nWith --json, one account per line, as in the HTTP API.')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), action))
}

async function action(context: CommandContext) {
  const { output, signal } = context
  const client = await context.client()
  for await (const account of client.admin.users({ signal })) {
    await output.record(account)
    const flags = [account.admin ? 'administrator' : '', account.disabled ? 'disabled' : ''].filter(Boolean)
    await output.line([account.id, account.username, ...flags].join('  '))
  }
  return EXIT.ok
}
