export { type Chunker, type ChunkerOptions, createChunker } from './chunker.ts'
export { type CutFinder, type CutFinderOptions, createCutFinder, RESERVED_BYTES } from './cut-finder.ts'
export { KEY_BYTES } from './cut-key.ts'
export {
  createFrameDecoder,
  type FrameDecoder,
  type FrameDecoderOptions,
  type FrameStreamEnd
} from './frames/decode.ts'
export {
  type EncodeOptions,
  encodeFrame,
  encodeFrames,
  encodeOperations,
  encodeStreamEnd,
  encodeStreamHeader
} from './frames/encode.ts'
export { MEDIA_TYPE as FRAMES_MEDIA_TYPE, type PlainFrame, type StoredFrame } from './frames/format.ts'
export { FrameError, type FrameErrorCode } from './frames/frame-error.ts'
export { createIdHasher, ID_BYTES, type IdHasher } from './ids.ts'
export { type ChunkingProfile, PROFILE_1 } from './profile.ts'
export { looksIncompressible } from './sniff.ts'
export { createMemory, type WasmMemory } from './wasm/webassembly.ts'
