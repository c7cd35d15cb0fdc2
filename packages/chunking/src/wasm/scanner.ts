import type { CutKey } from '../cut-key.ts'
import { PLAIN_BASE64, SHARED_BASE64 } from './binaries.gen.ts'
import { type WasmMemory, type WasmModule, webAssembly } from './webassembly.ts'

/**
 * Address of the first passing word in [from, to), or `to`; see emit-wat.ts. Addresses above 2 GiB
 * may come back negative (use `>>> 0`).
 */
export type Scan = (from: number, to: number, shift: number) => number

const plainModule = compileOnce(PLAIN_BASE64)
const sharedModule = compileOnce(SHARED_BASE64)

/** One instance per key and memory; it keeps nothing in the memory. */
export function instantiateScanner(memory: WasmMemory, key: CutKey): Scan {
  const module = isShared(memory.buffer) ? sharedModule() : plainModule()
  const { multiplier, addend } = key.filter
  const globals = { multiplier, addend, k0: key.prf.k0, k1: key.prf.k1 }
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
