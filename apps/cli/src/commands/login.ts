import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner, RawOptions } from '../program.ts'
import { readSecret } from '../terminal/secrets.ts'
import { deviceName, keepSignIn, readUsername, warnOfPlainHttp } from './sign-in.ts'

interface Options {
  readonly username?: string
  readonly passwordStdin?: boolean
}

export const installLogin = (program: Command, run: CommandRunner): void => {
  program
    .command('login')
    .description('sign in and remember the server')
    .argument('[server]', 'http(s)://host[:port]')
    .option('-u, --username <name>', 'asked for when absent')
    .option('--password-stdin', 'read the password from stdin')
    .addHelpText('after', '\nWith --json: {"server","user"}.')
    .action((server: string | undefined, options: Options, command: Command) => {
      const all = command.optsWithGlobals<RawOptions>()
      return run({ ...all, ...(server === undefined ? {} : { server }) }, (context) => action(context, options))
    })
}

async function action(context: CommandContext, options: Options) {
  const { platform, signal } = context
  const connection = await context.connection()
  await warnOfPlainHttp(context, connection)
  const username = await readUsername(context, options.username)
  const password = await readSecret(platform, {
    label: 'Password',
    fromStdin: options.passwordStdin ?? false,
    hint: 'use --password-stdin'
  })
  const signIn = await connection.anonymous.auth.login({ username, password, device: deviceName() }, { signal })
  await keepSignIn(context, connection, signIn)
  return EXIT.ok
}
