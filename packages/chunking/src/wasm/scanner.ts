import type { CutKey } from '../cut-key.ts'
import { PLAIN_BASE64, SHARED_BASE64 } from './binaries.gen.ts'
import { type WasmMemory, type WasmModule, webAssembly } from './webassembly.ts'

/**
 * Start of the first passing 32-byte window that begins in [from, to), or `to`. All three are byte
 * addresses below 4 GiB, except that results may come back negative above 2 GiB (use `>>> 0`).
 */
export type Scan = (from: number, to: number, shift: number) => number

const plainModule = compileOnce(PLAIN_BASE64)
const sharedModule = compileOnce(SHARED_BASE64)

/** One instance per key and memory; it keeps nothing in the memory. */
export function instantiateScanner(memory: WasmMemory, key: CutKey): Scan {
  const module = isShared(memory.buffer) ? sharedModule() : plainModule()
  const [m0, m1, m2, m3] = key.multipliers
  const globals = { m0, m1, m2, m3, addend: key.addend, k0: key.prf.k0, k1: key.prf.k1 }
  const { exports } = new webAssembly.Instance(module, { env: { memory }, key: globals })
  return exports['scan'] as Scan
}

const isShared = (buffer: ArrayBufferLike): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer

/** Synchronous compilation: browsers allow it on their main thread below 4 KiB, a test keeps us there. */
function compileOnce(base64: string): () => WasmModule {
  let module: WasmModule | undefined
  return () => {
    module ??= new webAssembly.Module(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)))
    return module
  }
}
