import { createHmac } from 'node:crypto'
import type { Random } from '@cairn/runtime'
import { sealBox } from './crypto/sealed-box.ts'
import type { VaultKeys } from './crypto/vault-keys.ts'
import { encodeEntries, PAGE_ENTRIES, totalLength } from './format/chunk-list.ts'

/** A chunk of a content with both its names. */
export interface ContentChunk {
  readonly chunkId: Uint8Array
  readonly wireId: Uint8Array
  readonly length: number
}

export interface ManifestPage {
  readonly firstOffset: number
  readonly entries: Buffer
  /** Sealed under the vault's manifest key. */
  readonly wireIds: Buffer
}

export interface Manifest {
  readonly manifestId: Buffer
  readonly size: number
  readonly profile: number
  /** At least one, also for empty content. */
  readonly pages: readonly ManifestPage[]
}

export const PROFILE = 1

export const buildManifest = (keys: VaultKeys, chunks: readonly ContentChunk[], random: Random): Manifest => {
  const size = totalLength(chunks)
  const manifestId = manifestIdOf(keys, chunks, size)
  const pages: ManifestPage[] = []
  let firstOffset = 0
  for (let at = 0; at === 0 || at < chunks.length; at += PAGE_ENTRIES) {
    const part = chunks.slice(at, at + PAGE_ENTRIES)
    pages.push({ firstOffset, entries: encodeEntries(part), wireIds: sealWireIds(keys, part, random) })
    firstOffset += totalLength(part)
  }
  return { manifestId, size, profile: PROFILE, pages }
}

const manifestIdOf = (keys: VaultKeys, chunks: readonly ContentChunk[], size: number): Buffer => {
  const head = Buffer.alloc(10)
  head.writeUInt16LE(PROFILE, 0)
  head.writeBigUInt64LE(BigInt(size), 2)
  const hmac = createHmac('sha256', keys.idKey).update('manifest').update(head)
  for (const chunk of chunks) hmac.update(chunk.wireId)
  return hmac.digest()
}

const AAD = Buffer.from('cairn.wire-ids.1')

/** Order is part of the plain text, so a page's ids cannot be swapped for another's unnoticed by length and hash. */
export const sealWireIds = (keys: VaultKeys, chunks: readonly ContentChunk[], random: Random): Buffer =>
  sealBox(keys.manifestKey, random.bytes(12), { plain: Buffer.concat(chunks.map((chunk) => chunk.wireId)), aad: AAD })

export const WIRE_IDS_AAD: Uint8Array = AAD
