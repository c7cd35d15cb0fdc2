import type { CommandContext } from '../context/command-context.ts'
import type { RemoteDrive } from './lookup.ts'

// Long enough for a server's restart or a changed network, unless the user says otherwise.
const PATIENCE_SECONDS = 600

/** The drive to work in, for single requests. */
export const remoteDrive = async (context: CommandContext): Promise<RemoteDrive> => ({
  client: await context.client(),
  drive: context.options.drive,
  signal: context.signal
})

/** The drive to work in, for transfers: once the server has answered, an interruption is waited out. */
export async function transferDrive(context: CommandContext): Promise<RemoteDrive> {
  const { drive } = context.options
  const remote = await remoteDrive(context)
  await remote.client.drives.get(drive, { signal: context.signal })
  return { ...remote, client: await context.client({ retryFor: context.options.retryFor ?? PATIENCE_SECONDS }) }
}
