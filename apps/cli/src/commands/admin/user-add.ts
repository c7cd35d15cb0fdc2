import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { readSecret } from '../../terminal/secrets.ts'

interface Options {
  readonly email?: string
  readonly admin?: boolean
  readonly passwordStdin?: boolean
}

export const installUserAdd = (user: Command, run: CommandRunner): void => {
  user
    .command('add')
    .description('make an account')
    .argument('<username>')
    .option('--email <address>', 'optional')
    .option('--admin', 'an administrator')
    .option('--password-stdin', 'read the password from stdin')
    .addHelpText('after', '\nWith --json: the account as in the HTTP API.')
    .action((username: string, options: Options, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, username, options))
    )
}

async function action(context: CommandContext, username: string, { email, admin, passwordStdin }: Options) {
  const { output, platform, signal } = context
  const client = await context.client()
  const password = await readSecret(platform, {
    label: 'Password of the new account',
    fromStdin: passwordStdin ?? false,
    confirm: true,
    hint: 'use --password-stdin'
  })
  const account = await client.admin.createUser(
    { username, password, ...(email === undefined ? {} : { email }), ...(admin === undefined ? {} : { admin }) },
    { signal }
  )
  await output.record(account)
  await output.line(`${account.id}  ${account.username}`)
  return EXIT.ok
}
