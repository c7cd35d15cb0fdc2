import { constants, zstdDecompressSync } from 'node:zlib'
import {
  createFrameDecoder,
  FrameError,
  type FrameErrorCode,
  type FrameStreamEnd,
  type IdHasher,
  type PlainFrame
} from '@cairn/chunking'
import { CairnError, type ErrorCode } from '@cairn/contracts'

export interface FrameLimits {
  /** Largest plain chunk. */
  readonly maxFrame: number
  /** Largest sum of plain chunks. */
  readonly maxTotal: number
  readonly maxFrames?: number
}

export interface DecodedFrames extends FrameStreamEnd {
  readonly frames: PlainFrame[]
}

/** Reads a whole frame stream; every chunk is expanded within its declared length and matches its id. */
export const decodeFrames = async (
  body: AsyncIterable<Uint8Array>,
  limits: FrameLimits,
  hasher: IdHasher
): Promise<DecodedFrames> => {
  const decoder = createFrameDecoder({ ...limits, decompress, hash: (bytes) => hasher.hash(bytes) })
  const frames: PlainFrame[] = []
  try {
    for await (const bytes of body) frames.push(...decoder.push(bytes))
    return { frames, ...decoder.end() }
  } catch (error) {
    throw error instanceof FrameError ? fromFrameError(error) : error
  }
}

/** 4 MiB, the largest chunk: a frame cannot ask for a larger window than it may fill. */
const WINDOW_LOG_MAX = 22

const decompress = (bytes: Uint8Array, plainLength: number): Uint8Array =>
  zstdDecompressSync(bytes, {
    maxOutputLength: plainLength,
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX }
  })

const TOO_LARGE: ReadonlySet<FrameErrorCode> = new Set([
  'frame_too_large',
  'total_too_large',
  'too_many_frames',
  'operations_too_large'
])
const CORRUPT: ReadonlySet<FrameErrorCode> = new Set(['id_mismatch', 'bad_compression'])

const fromFrameError = (error: FrameError): CairnError =>
  new CairnError(codeOf(error.code), `The frame stream cannot be taken: ${error.message}.`, {
    cause: error,
    details: { reason: error.code }
  })

const codeOf = (code: FrameErrorCode): ErrorCode =>
  TOO_LARGE.has(code) ? 'payload_too_large' : CORRUPT.has(code) ? 'chunk_corrupt' : 'invalid_request'
