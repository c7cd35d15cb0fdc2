import type { Migration } from '@cairn/database'
import { createAccounts } from './20261123T2100-create-accounts.ts'
import { createCredentials } from './20261123T2101-create-credentials.ts'
import { createJournals } from './20261123T2102-create-journals.ts'

export const migrations: readonly Migration[] = [createAccounts, createCredentials, createJournals]
