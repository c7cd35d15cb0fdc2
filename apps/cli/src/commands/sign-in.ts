import { hostname } from 'node:os'
import type { SignIn } from '@cairn/client'
import { configFolder } from '../config/folder.ts'
import { writeSettings } from '../config/settings.ts'
import type { CommandContext } from '../context/command-context.ts'
import { type Connection, tokensOf } from '../context/session.ts'
import { ask } from '../terminal/secrets.ts'

/** Shown in the user's list of sessions. */
export const deviceName = (): string => `cairn on ${hostname()}`.slice(0, 100)

export async function readUsername({ platform }: CommandContext, given: string | undefined): Promise<string> {
  return given ?? (await ask(platform, { label: 'Username', hidden: false, hint: 'use --username' }))
}

/** Keeps the session, and the server as the default for further commands. */
export async function keepSignIn(context: CommandContext, { server, session }: Connection, signIn: SignIn) {
  const { platform, output } = context
  await session.save(tokensOf(signIn, platform.timing.now()))
  await writeSettings(configFolder(platform), { server })
  await output.record({ server, user: signIn.user })
  await output.line(`Signed in to ${server} as ${signIn.user.username}`)
}

/** Passwords over plain HTTP are for this machine only. */
export async function warnOfPlainHttp({ output }: CommandContext, { server }: Connection): Promise<void> {
  const { protocol, hostname } = new URL(server)
  const local = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
  if (protocol === 'http:' && !local) await output.warn(`${server} is not encrypted: others can read what you send`)
}
