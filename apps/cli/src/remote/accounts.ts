import type { AdminUser, CairnClient } from '@cairn/client'
import { CliError, EXIT } from '../exit-codes.ts'

/** The account with that id or username. */
export async function findAccount(client: CairnClient, wanted: string, signal: AbortSignal): Promise<AdminUser> {
  const name = wanted.normalize('NFC').toLowerCase()
  for await (const account of client.admin.users({ signal })) {
    if (account.id === wanted || account.username.toLowerCase() === name) return account
  }
  throw new CliError(EXIT.notFound, 'not_found', `There is no account ${wanted}`)
}
