import { resolve } from 'node:path'
import type { Platform } from '../context/platform.ts'
import { CliError, EXIT } from '../exit-codes.ts'

/** The key by which this machine's server knows its operator, "auth.operator" of the master key. */
export async function readMasterKeyOf(platform: Platform, folder: string | undefined): Promise<Uint8Array> {
  const data = resolve(platform.cwd, folder ?? platform.env['CAIRN_DATA'] ?? 'data')
  // Loaded here alone: every other command does without the server's code.
  const { readMasterKey } = await import('@cairn/app-server')
  const masterKey = await readMasterKey(data, platform.env['CAIRN_MASTER_KEY']).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError(EXIT.auth, 'forbidden', `The server's master key cannot be read: ${why}`, { cause: error })
  })
  if (masterKey === undefined) {
    throw new CliError(
      EXIT.auth,
      'forbidden',
      `There is no master.key in ${data}; name the server's data folder with --data, or set CAIRN_MASTER_KEY`
    )
  }
  return masterKey.derive('auth.operator')
}
