import { createBLAKE3 } from 'hash-wasm'

export const ID_BYTES = 32

/** Wire ids: BLAKE3-256 of a chunk's plain bytes. */
export interface IdHasher {
  /** 32 bytes in a buffer of their own. Accepts views of shared memory. */
  hash(bytes: Uint8Array): Uint8Array<ArrayBuffer>
}

/** Runs anywhere WebAssembly does. */
export async function createIdHasher(): Promise<IdHasher> {
  const blake3 = await createBLAKE3(ID_BYTES * 8)
  return {
    hash: (bytes) => new Uint8Array(blake3.init().update(bytes).digest('binary'))
  }
}
