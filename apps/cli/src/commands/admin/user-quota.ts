import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { findAccount } from '../../remote/accounts.ts'
import { formatBytes } from '../../terminal/format.ts'
import { byteCount } from '../arguments.ts'

export const installUserQuota = (user: Command, run: CommandRunner): void => {
  user
    .command('quota')
    .description('how much an account may store, all versions counted')
    .argument('<user>', 'name or id')
    .argument('<size>', 'bytes, or e.g. 500M or 2G; "none" = unlimited, "default" = the server\'s', quotaLimit)
    .addHelpText('after', '\nWith --json: {"userId","used","limit","custom"}, in bytes.')
    .action((wanted: string, limit: number | null, _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, wanted, limit))
    )
}

async function action(context: CommandContext, wanted: string, limit: number | null) {
  const { output, signal } = context
  const client = await context.client()
  const { id } = await findAccount(client, wanted, signal)
  const quota = await client.admin.setQuota(id, limit, { signal })
  await output.record(quota)
  await output.line(`${formatBytes(quota.used)} of ${quota.limit === 0 ? 'unlimited' : formatBytes(quota.limit)} used`)
  return EXIT.ok
}

const quotaLimit = (text: string): number | null => (text === 'default' ? null : byteCount(text))
