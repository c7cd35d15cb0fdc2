/**
 * The few parts of the WebAssembly API in use, typed structurally: the global's own types come
 * only with the DOM library, which servers that import this package do not load.
 */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike
  grow(pages: number): number
}

export type WasmModule = object

interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory
  readonly Module: new (binary: Uint8Array) => WasmModule
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

export const webAssembly: WebAssemblyApi = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly

const PAGE_BYTES = 65536

/** Memory of at least `bytes` bytes that never grows. */
export function createMemory(options: { readonly bytes: number; readonly shared: boolean }): WasmMemory {
  const pages = Math.ceil(options.bytes / PAGE_BYTES)
  return new webAssembly.Memory({ initial: pages, maximum: pages, shared: options.shared })
}
