import wabt from 'wabt'
import { emitCutScanner } from '../src/wasm/emit-wat.ts'

/** The WebAssembly binary of the cut scanner for plain or shared memory. */
export async function assembleCutScanner(shared: boolean): Promise<Uint8Array> {
  const { parseWat } = await wabt()
  const features = { simd: true, threads: true, mutable_globals: true }
  const module = parseWat('cut-scanner.wat', emitCutScanner(shared), features)
  try {
    return module.toBinary({}).buffer
  } finally {
    module.destroy()
  }
}

/** Text of `binaries.gen.ts`: the two binaries in a form that needs neither a file nor a network. */
export async function renderBinaries(): Promise<string> {
  const encode = async (shared: boolean) => Buffer.from(await assembleCutScanner(shared)).toString('base64')
  return [
    '// Assembled from emit-wat.ts by scripts/build-wasm.ts; a test rebuilds it. Do not edit.',
    `export const PLAIN_BASE64 =\n  '${await encode(false)}'`,
    `export const SHARED_BASE64 =\n  '${await encode(true)}'\n`
  ].join('\n')
}
