import { createIdHasher, type IdHasher } from './ids.ts'

/** The platform's native BLAKE3 where its package is installed, else the same as createIdHasher. */
export async function createNativeIdHasher(): Promise<IdHasher> {
  const blake3 = await loadNativeBlake3()
  return blake3 ? { hash: (bytes) => new Uint8Array(blake3(bytes)) } : createIdHasher()
}

type Blake3 = (bytes: Uint8Array) => Uint8Array

/** An optional dependency: absent on platforms without a prebuilt binary. */
async function loadNativeBlake3(): Promise<Blake3 | undefined> {
  try {
    const { blake3 } = await import('@napi-rs/blake-hash')
    return blake3
  } catch {
    return undefined
  }
}
