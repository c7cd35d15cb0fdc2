import { zstdCompressSync } from 'node:zlib'
import { createIdHasher, encodeFrames, type PlainFrame } from '@cairn/chunking'

const hasher = await createIdHasher()

export const frameOf = (bytes: Uint8Array): PlainFrame => ({ wireId: hasher.hash(bytes), bytes })

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

export const frameStream = (
  frames: readonly PlainFrame[],
  options: { operations?: unknown; zstd?: boolean } = {}
): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat(
      encodeFrames(frames, {
        ...(options.operations === undefined ? {} : { operations: options.operations }),
        ...(options.zstd === true ? { compress: (bytes) => zstdCompressSync(bytes) } : {})
      })
    )
  )
