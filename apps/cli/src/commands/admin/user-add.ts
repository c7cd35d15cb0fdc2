import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import type { Platform } from '../../context/platform.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandRunner } from '../../program.ts'
import { readSecret } from '../../terminal/secrets.ts'

interface Options {
  readonly email?: string
  readonly admin?: boolean
  readonly passwordStdin?: boolean
  readonly link?: boolean
}

export const installUserAdd = (user: Command, run: CommandRunner): void => {
  user
    .command('add')
    .description('make an account')
    .argument('<username>')
    .option('--email <address>', 'optional')
    .option('--admin', 'an administrator')
    .option('--password-stdin', 'read the password from stdin')
    .option('--link', 'no password: print a link with which the user chooses one')
    .addHelpText('after', '\nWith --json: {"user"}, or {"user","link":{"token","url","expiresAt"}}.')
    .action((username: string, options: Options, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, username, options))
    )
}

async function action(context: CommandContext, username: string, options: Options) {
  const { email, admin } = options
  const { output, platform, signal } = context
  const client = await context.client()
  const password = options.link ? {} : { password: await readPassword(platform, options) }
  const created = await client.admin.createUser(
    { username, ...password, ...(email === undefined ? {} : { email }), ...(admin === undefined ? {} : { admin }) },
    { signal }
  )
  await output.record(created)
  await output.line(`${created.user.id}  ${created.user.username}`)
  if (created.link !== undefined) await output.line(created.link.url)
  return EXIT.ok
}

const readPassword = (platform: Platform, { passwordStdin }: Options): Promise<string> =>
  readSecret(platform, {
    label: 'Password of the new account',
    fromStdin: passwordStdin ?? false,
    confirm: true,
    hint: 'use --password-stdin or --link'
  })
