import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { findAccount } from '../../remote/accounts.ts'
import { byteCount } from '../arguments.ts'

export const installUserQuota = (user: Command, run: CommandRunner): void => {
  user
    .command('quota')
    .description('how much an account may store, all versions counted')
    .argument('<user>', 'name or id')
    .argument('<size>', 'bytes, or e.g. 500M or 2G; "none" = unlimited', byteCount)
    .addHelpText('after', '\nWith --json: {"id","limit"}.')
    .action((wanted: string, limit: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, wanted, limit))
    )
}

async function action(context: CommandContext, wanted: string, limit: number) {
  const { output, signal } = context
  const client = await context.client()
  const { id } = await findAccount(client, wanted, signal)
  await client.admin.setQuota(id, limit, { signal })
  await output.record({ id, limit })
  return EXIT.ok
}
