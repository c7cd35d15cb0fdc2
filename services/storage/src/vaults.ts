import type { Database } from '@cairn/database'
import type { Random } from '@cairn/runtime'
import type { MasterKey } from '@cairn/service'
import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { STABLE_SECRET_VERSION, unlockVault, unwrapKey, type VaultKeys, wrapKey } from './crypto/vault-keys.ts'
import type { StorageTables } from './db/tables.ts'

/** Unlocked keys of vaults, made on first use. */
export interface Vaults {
  keys(vaultId: string): Promise<VaultKeys>
}

export interface VaultsOptions {
  readonly database: Database<StorageTables>
  readonly masterKey: MasterKey
  readonly random: Random
}

const FIRST_CHUNK_KEY = 1

export const createVaults = (options: VaultsOptions): Vaults => {
  const unlocked = new LRUCache<string, Promise<VaultKeys>>({ max: 10_000 })
  return {
    keys: (vaultId) => {
      const known = unlocked.get(vaultId)
      if (known) return known
      const loading = loadOrCreate(options, vaultId)
      unlocked.set(vaultId, loading)
      loading.catch(() => unlocked.delete(vaultId))
      return loading
    }
  }
}

const loadOrCreate = async (options: VaultsOptions, vaultId: string): Promise<VaultKeys> => {
  const found = await load(options, vaultId)
  if (found) return found
  await create(options, vaultId)
  const created = await load(options, vaultId)
  if (!created) throw new Error(`vault ${vaultId} vanished while it was created`)
  return created
}

const kek = (options: VaultsOptions) => ({
  kekId: options.masterKey.id,
  kek: options.masterKey.derive('storage.kek')
})

const load = async (options: VaultsOptions, vaultId: string): Promise<VaultKeys | undefined> => {
  const { rows } = await sql<{ key_version: number; wrapped: Uint8Array; kek_id: string }>`
    select key_version, wrapped, kek_id from storage.vault_key where vault_id = ${vaultId}`.execute(
    options.database.query
  )
  if (rows.length === 0) return undefined
  const foreign = rows.find((row) => row.kek_id !== options.masterKey.id)
  if (foreign) throw new Error(`vault ${vaultId} was locked with master key ${foreign.kek_id}, which is not this one`)
  const secrets = rows.map((row): [number, Uint8Array] => [
    row.key_version,
    unwrapKey({ vaultId, version: row.key_version, ...kek(options) }, row.wrapped)
  ])
  return unlockVault(vaultId, new Map(secrets))
}

/** Both rows or none; a concurrent creator's keys win. */
const create = async (options: VaultsOptions, vaultId: string): Promise<void> => {
  const wrapped = [STABLE_SECRET_VERSION, FIRST_CHUNK_KEY].map((version) => ({
    vault_id: vaultId,
    key_version: version,
    kek_id: options.masterKey.id,
    wrapped: wrapKey({ vaultId, version, ...kek(options) }, options.random.bytes(32), options.random.bytes(12))
  }))
  await options.database.transaction(async (tx) => {
    const { numAffectedRows } = await sql`
      insert into storage.vault (vault_id) values (${vaultId}) on conflict do nothing`.execute(tx)
    if (numAffectedRows === 1n) await tx.insertInto('storage.vault_key').values(wrapped).execute()
  })
}
