import type { Random } from '@cairn/runtime'
import { openBox, sealBox } from '../crypto/sealed-box.ts'
import type { VaultKeys } from '../crypto/vault-keys.ts'
import { uuidToBytes } from '../format/uuid.ts'

const aad = (uploadId: string): Uint8Array => Buffer.concat([Buffer.from('cairn.tail.1'), uuidToBytes(uploadId)])

/** Bytes of an upload behind its last chunk, at most one chunk long, as kept in its row. */
export const sealTail = (keys: VaultKeys, uploadId: string, tail: { plain: Uint8Array; random: Random }): Buffer =>
  sealBox(keys.tailKey, tail.random.bytes(12), { plain: tail.plain, aad: aad(uploadId) })

export const openTail = (keys: VaultKeys, uploadId: string, sealed: Uint8Array): Buffer =>
  openBox(keys.tailKey, sealed, aad(uploadId))
