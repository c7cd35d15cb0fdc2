import { createHmac, hkdfSync } from 'node:crypto'
import { uuidToBytes } from '../format/uuid.ts'
import { openBox, sealBox } from './sealed-box.ts'

/** A vault's unlocked keys. Live only in memory. */
export interface VaultKeys {
  readonly vaultId: string
  /** Chunk ids. */
  readonly idKey: Uint8Array
  /** Cut points; given to the vault's clients. */
  readonly chunkingKey: Uint8Array
  readonly manifestKey: Uint8Array
  readonly tailKey: Uint8Array
  /** Keys that other services use for what they derive from the vault's content. */
  readonly lent: Readonly<Record<LentPurpose, Uint8Array>>
  /** Newest first is what new chunks use. */
  readonly currentVersion: number
  readonly chunkKeys: ReadonlyMap<number, Uint8Array>
}

export const LENT_PURPOSES = ['preview:1', 'checksum:1'] as const
export type LentPurpose = (typeof LENT_PURPOSES)[number]

export const isLentPurpose = (purpose: string): purpose is LentPurpose =>
  (LENT_PURPOSES as readonly string[]).includes(purpose)

/** Version 0 is the stable secret, 1… the chunk encryption keys. */
export const STABLE_SECRET_VERSION = 0

const derive = (secret: Uint8Array, label: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `cairn.vault.${label}`, 32))

export const unlockVault = (vaultId: string, secrets: ReadonlyMap<number, Uint8Array>): VaultKeys => {
  const stable = secrets.get(STABLE_SECRET_VERSION)
  if (!stable) throw new Error(`vault ${vaultId} has no stable secret`)
  const chunkKeys = new Map([...secrets].filter(([version]) => version !== STABLE_SECRET_VERSION))
  return {
    vaultId,
    idKey: derive(stable, 'id:1'),
    chunkingKey: derive(stable, 'cdc:1'),
    manifestKey: derive(stable, 'manifest:1'),
    tailKey: derive(stable, 'tail:1'),
    lent: { 'preview:1': derive(stable, 'preview:1'), 'checksum:1': derive(stable, 'checksum:1') },
    currentVersion: Math.max(...chunkKeys.keys()),
    chunkKeys
  }
}

const wrapAad = (vaultId: string, version: number, kekId: string): Uint8Array =>
  Buffer.concat([
    Buffer.from('cairn.vault-key.1'),
    uuidToBytes(vaultId),
    Buffer.from([version & 0xff, version >> 8]),
    Buffer.from(kekId)
  ])

export interface KeyWrapping {
  readonly vaultId: string
  readonly version: number
  readonly kekId: string
  readonly kek: Uint8Array
}

export const wrapKey = (wrapping: KeyWrapping, secret: Uint8Array, nonce: Uint8Array): Buffer =>
  sealBox(wrapping.kek, nonce, { plain: secret, aad: wrapAad(wrapping.vaultId, wrapping.version, wrapping.kekId) })

export const unwrapKey = (wrapping: KeyWrapping, wrapped: Uint8Array): Buffer =>
  openBox(wrapping.kek, wrapped, wrapAad(wrapping.vaultId, wrapping.version, wrapping.kekId))

export const chunkIdOf = (keys: VaultKeys, wireId: Uint8Array): Buffer =>
  createHmac('sha256', keys.idKey).update(wireId).digest()

export const chunkKeyOf = (secret: Uint8Array, chunkId: Uint8Array): Buffer =>
  createHmac('sha256', secret).update('chunk').update(chunkId).digest()
