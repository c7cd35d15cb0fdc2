import type { Command } from 'commander'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandRunner, RawOptions } from '../program.ts'
import { ask, readSecret } from '../terminal/secrets.ts'
import { deviceName, keepSignIn, readUsername, warnOfPlainHttp } from './sign-in.ts'

interface Options {
  readonly username?: string
  readonly email?: string
  readonly passwordStdin?: boolean
  readonly token?: string
}

const HELP = `
The set-up token is what a new server prints at its start; it works once. It is taken from --token,
else from CAIRN_SETUP_TOKEN, else asked for.
With --json: {"server","user"}.`

export const installSetup = (program: Command, run: CommandRunner): void => {
  program
    .command('setup')
    .description("make a new server's first administrator, and sign in")
    .argument('[server]', 'http(s)://host[:port]')
    .option('-u, --username <name>', 'asked for when absent')
    .option('--email <address>', 'optional')
    .option('--password-stdin', 'read the password from stdin')
    .option('--token <token>', 'set-up token')
    .addHelpText('after', HELP)
    .action((server: string | undefined, options: Options, command: Command) => {
      const all = command.optsWithGlobals<RawOptions>()
      return run({ ...all, ...(server === undefined ? {} : { server }) }, (context) => action(context, options))
    })
}

async function action(context: CommandContext, options: Options) {
  const { platform, signal } = context
  const connection = await context.connection()
  await warnOfPlainHttp(context, connection)
  const token = options.token ?? platform.env['CAIRN_SETUP_TOKEN'] ?? (await askToken(context))
  const username = await readUsername(context, options.username)
  const password = await readSecret(platform, {
    label: 'New password',
    fromStdin: options.passwordStdin ?? false,
    confirm: true,
    hint: 'use --password-stdin'
  })
  const email = options.email === undefined ? {} : { email: options.email }
  const signIn = await connection.anonymous.auth.setup(
    { token, username, password, device: deviceName(), ...email },
    { signal }
  )
  await keepSignIn(context, connection, signIn)
  return EXIT.ok
}

const askToken = ({ platform }: CommandContext) =>
  ask(platform, { label: 'Set-up token', hidden: true, hint: 'use --token or CAIRN_SETUP_TOKEN' })
