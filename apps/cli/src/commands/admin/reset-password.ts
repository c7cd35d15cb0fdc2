import type { Command } from 'commander'
import type { CommandContext } from '../../context/command-context.ts'
import { EXIT } from '../../exit-codes.ts'
import { readMasterKeyOf } from '../../operator/master-key.ts'
import { issueOperatorReset } from '../../operator/reset.ts'
import type { CommandRunner } from '../../program.ts'
import { readSecret } from '../../terminal/secrets.ts'

interface Options {
  readonly data?: string
  readonly passwordStdin?: boolean
  readonly link?: boolean
}

const HELP = `
For an administrator who is locked out. Run it on the server's machine while the server runs: instead of a sign-in it
proves that it can read the server's master key, in CAIRN_MASTER_KEY or master.key of the data folder. Without a name
it is about the only administrator. All sessions of the account end.
With --json: {"username"}, or with --link {"username","url","expiresAt"}.`

export const installResetPassword = (admin: Command, run: CommandRunner): void => {
  admin
    .command('reset-password')
    .description('set the password of an administrator who lost it, on the server’s machine')
    .argument('[user]', 'name or e-mail address')
    .option('--data <folder>', "the server's data folder (default: CAIRN_DATA, else ./data)")
    .option('--password-stdin', 'read the new password from stdin')
    .option('--link', 'print a link by which a new password is chosen, instead of asking for one')
    .addHelpText('after', HELP)
    .action((user: string | undefined, options: Options, command: Command) =>
      run(command.optsWithGlobals(), (context) => action(context, user, options))
    )
}

async function action(context: CommandContext, user: string | undefined, options: Options) {
  const { output, platform, signal } = context
  const key = await readMasterKeyOf(platform, options.data)
  const { anonymous } = await context.connection()
  // Asked for first: the token is good for half an hour only.
  const newPassword = options.link
    ? undefined
    : await readSecret(platform, {
        label: 'New password',
        fromStdin: options.passwordStdin ?? false,
        confirm: true,
        hint: 'use --password-stdin or --link'
      })
  const reset = await issueOperatorReset(anonymous, { key, username: user, now: platform.timing.now() }, signal)
  const { username, url, expiresAt, token } = reset
  if (newPassword === undefined) {
    await output.record({ username, url, expiresAt })
    await output.line(url)
    return EXIT.ok
  }
  await anonymous.auth.confirmPasswordReset({ token, newPassword }, { signal })
  await output.record({ username })
  await output.line(`${username} has a new password`)
  return EXIT.ok
}
