import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'

export const installGc = (program: Command, run: CommandRunner): void => {
  program
    .command('gc')
    .description('collect now what nobody references any more (administrators)')
    .addHelpText('after', '\nWith --json: the report as in the HTTP API.')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), action))
}

async function action(context: CommandContext) {
  const { output, signal } = context
  const report = await (await context.client()).admin.gc({ signal })
  await output.record(report)
  for (const { vaultId, ...figures } of report.vaults) {
    const changed = Object.entries(figures).filter(([name, value]) => name !== 'epoch' && value !== 0)
    const text = changed.map(([name, value]) => `${name} ${value}`).join(', ')
    await output.line(`vault ${vaultId}: ${text === '' ? 'nothing to collect' : text}`)
  }
  return EXIT.ok
}
