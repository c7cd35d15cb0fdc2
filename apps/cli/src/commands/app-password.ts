import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner } from '../program.ts'
import { formatTime } from '../terminal/format.ts'

interface CreateOptions {
  readonly scope?: string[]
  readonly expires?: string
}

export const installAppPassword = (program: Command, run: CommandRunner): void => {
  const passwords = program.command('app-password').description('passwords for programs, revocable one by one')
  passwords
    .command('create')
    .description('make one; it is shown this once')
    .argument('<name>', 'what it is for')
    .option('--scope <scopes...>', 'what it may do, files:read, files:write or * (default: the first two)')
    .option('--expires <time>', 'ISO 8601')
    .addHelpText('after', '\nWith --json: {"id","name","secret",…}.')
    .action((name: string, options: CreateOptions, command: Command) =>
      run(command.optsWithGlobals(), (context) => create(context, name, options))
    )
  passwords
    .command('list')
    .description('all, without the secrets')
    .addHelpText('after', '\nWith --json, one per line.')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), list))
  passwords
    .command('revoke')
    .description('end one at once')
    .argument('<id>', 'from "cairn app-password list"')
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), (context) => revoke(context, id))
    )
}

async function create(context: CommandContext, name: string, { scope, expires }: CreateOptions) {
  const { output, signal } = context
  const client = await context.client()
  const created = await client.auth.createAppPassword(
    {
      name,
      ...(scope === undefined ? {} : { scopes: scope }),
      ...(expires === undefined ? {} : { expiresAt: expires })
    },
    { signal }
  )
  await output.record(created)
  await output.line(created.secret)
  return EXIT.ok
}

async function list(context: CommandContext) {
  const { output, signal } = context
  const client = await context.client()
  for (const password of await client.auth.appPasswords({ signal })) {
    await output.record(password)
    const used = password.lastUsedAt === null ? 'never used' : `last used ${formatTime(password.lastUsedAt)}`
    await output.line(`${password.id}  made ${formatTime(password.createdAt)}, ${used}  ${password.name}`)
  }
  return EXIT.ok
}

async function revoke(context: CommandContext, id: string) {
  await (await context.client()).auth.revokeAppPassword(id, { signal: context.signal })
  await context.output.record({ id })
  return EXIT.ok
}
