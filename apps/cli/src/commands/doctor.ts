import type { Command } from 'commander'
import { Option } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { formatBytes } from '../terminal/format.ts'

interface Options {
  readonly level: string
  readonly repair?: boolean
}

const HELP = `
Levels:
  0  the database: trees, versions, references, manifests, chunks, packs belong together
  1  every pack object is there with its size
  2  packs and chunk table agree
  3  every chunk decrypts and matches its id (reads everything)
Exit status 1 when damage was found. With --json: the report as in the HTTP API.`

export const installDoctor = (program: Command, run: CommandRunner): void => {
  program
    .command('doctor')
    .description('look for damage in what the server stores (administrators)')
    .addOption(new Option('--level <n>', 'how deep').choices(['0', '1', '2', '3']).default('1'))
    .option('--repair', 'mark what is lost so that the next upload of it heals it; deletes nothing')
    .addHelpText('after', HELP)
    .action((options: Options, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, options))
    )
}

async function action(context: CommandContext, { level, repair = false }: Options) {
  const { output, signal } = context
  const client = await context.client()
  const report = await client.admin.doctor({ level: Number(level), repair }, { signal })
  await output.record(report)
  for (const { code, vaultId, subject, message } of report.findings) {
    await output.line(`${code}: ${message} (vault ${vaultId}, ${subject})`)
  }
  const { vaults, chunks, packs, bytesRead, repaired, total } = report
  await output.line(`${vaults} vaults, ${chunks} chunks, ${packs} packs examined, ${formatBytes(bytesRead)} read`)
  await output.line(total === 0 ? 'No damage found' : `${total} findings, ${repaired} repaired`)
  return total === 0 ? EXIT.ok : EXIT.general
}
