import { ID_BYTES } from '../ids.ts'
import {
  FRAME_HEAD_BYTES,
  MAGIC,
  MAX_FRAMES,
  MAX_OPERATIONS_BYTES,
  OPERATIONS_HEAD_BYTES,
  type PlainFrame,
  SECTION_END,
  SECTION_OPERATIONS,
  SECTION_RAW,
  SECTION_ZSTD,
  STREAM_HEADER_BYTES,
  VERSION
} from './format.ts'
import { FrameError } from './frame-error.ts'

export interface FrameDecoderOptions {
  /** Largest plain chunk, bytes. */
  readonly maxFrame: number
  /** Largest sum of all plain chunks, bytes. */
  readonly maxTotal: number
  /** Default 4096. */
  readonly maxFrames?: number
  /** zstd; must itself stop at `plainLength` bytes of output. May throw anything. */
  readonly decompress: (bytes: Uint8Array, plainLength: number) => Uint8Array
  /** Wire id of plain bytes. */
  readonly hash: (bytes: Uint8Array) => Uint8Array
  /** Where chunk bytes are put; default a new buffer. Never asked for more than `maxFrame`. */
  readonly allocate?: (length: number) => Uint8Array
}

export interface FrameDecoder {
  /**
   * Chunks completed by these bytes, expanded and verified, in order. `bytes` is copied.
   * @throws FrameError; every later call throws the same one.
   */
  push(bytes: Uint8Array): PlainFrame[]
  /** To be called after the last bytes. @throws FrameError `truncated` when the stream is not complete. */
  end(): FrameStreamEnd
}

export interface FrameStreamEnd {
  /** Parsed JSON, not validated any further; undefined when the stream carried none. */
  readonly operations: unknown
}

export function createFrameDecoder(options: FrameDecoderOptions): FrameDecoder {
  let ready: PlainFrame[] = []
  const parser = parseStream(options, (frame) => ready.push(frame))
  /** Buffer being filled; undefined once the stream has ended. */
  let target: Uint8Array | undefined
  let filled = 0
  let result: FrameStreamEnd | undefined
  let failure: FrameError | undefined

  const advance = (): void => {
    const step = parser.next()
    filled = 0
    target = step.done ? undefined : step.value
    if (step.done) result = step.value
  }

  const consume = (bytes: Uint8Array): void => {
    for (let taken = 0; taken < bytes.length; ) {
      if (target === undefined) throw new FrameError('trailing_bytes', 'bytes after the end of the stream')
      const count = Math.min(target.length - filled, bytes.length - taken)
      target.set(bytes.subarray(taken, taken + count), filled)
      taken += count
      filled += count
      if (filled === target.length) advance()
    }
  }

  const guarded = <T>(action: () => T): T => {
    if (failure) throw failure
    try {
      return action()
    } catch (error) {
      failure = error instanceof FrameError ? error : new FrameError('internal', 'the decoder failed', error)
      throw failure
    }
  }

  advance()
  return {
    push: (bytes) =>
      guarded(() => {
        ready = []
        consume(bytes)
        return ready
      }),
    end: () =>
      guarded(() => {
        if (!result) throw new FrameError('truncated', 'the stream ends early')
        return result
      })
  }
}

/** Yields each buffer it wants filled next; resumed once that has happened. */
type Parser<T> = Generator<Uint8Array, T, void>

function* parseStream(options: FrameDecoderOptions, emit: (frame: PlainFrame) => void): Parser<FrameStreamEnd> {
  yield* parseStreamHeader()
  const budget = { frames: options.maxFrames ?? MAX_FRAMES, bytes: options.maxTotal }
  let section = yield* readByte()
  while (section === SECTION_RAW || section === SECTION_ZSTD) {
    emit(yield* parseFrame(section, budget, options))
    section = yield* readByte()
  }
  let operations: unknown
  if (section === SECTION_OPERATIONS) {
    operations = yield* parseOperations()
    section = yield* readByte()
  }
  if (section !== SECTION_END) throw new FrameError('bad_section', `unexpected section ${section}`)
  return { operations }
}

function* parseStreamHeader(): Parser<void> {
  const header = yield* read(new Uint8Array(STREAM_HEADER_BYTES))
  if (MAGIC.some((byte, i) => header[i] !== byte)) throw new FrameError('bad_magic', 'not a frame stream')
  if (header[MAGIC.length] !== VERSION) throw new FrameError('bad_version', 'unknown frame stream version')
}

interface Budget {
  frames: number
  bytes: number
}

function* parseFrame(section: number, budget: Budget, options: FrameDecoderOptions): Parser<PlainFrame> {
  const head = yield* read(new Uint8Array(FRAME_HEAD_BYTES))
  const view = new DataView(head.buffer)
  const wireId = head.slice(0, ID_BYTES)
  const plainLength = view.getUint32(ID_BYTES, true)
  const storedLength = view.getUint32(ID_BYTES + 4, true)
  const compressed = section === SECTION_ZSTD

  const consistent = compressed ? storedLength < plainLength : storedLength === plainLength
  if (!consistent || storedLength === 0) throw new FrameError('bad_length', 'frame lengths contradict each other')
  if (plainLength > options.maxFrame) throw new FrameError('frame_too_large', 'frame exceeds the chunk limit')
  budget.frames -= 1
  budget.bytes -= plainLength
  if (budget.frames < 0) throw new FrameError('too_many_frames', 'too many frames in one stream')
  if (budget.bytes < 0) throw new FrameError('total_too_large', 'frames exceed the stream limit')

  const allocate = options.allocate ?? ((length) => new Uint8Array(length))
  const stored = yield* read(allocate(storedLength))
  const bytes = compressed ? expand(stored, plainLength, options) : stored
  if (!sameBytes(options.hash(bytes), wireId)) throw new FrameError('id_mismatch', 'chunk does not match its id')
  return { wireId, bytes }
}

function expand(stored: Uint8Array, plainLength: number, options: FrameDecoderOptions): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = options.decompress(stored, plainLength)
  } catch (error) {
    throw new FrameError('bad_compression', 'frame cannot be decompressed', error)
  }
  if (bytes.length !== plainLength) throw new FrameError('bad_compression', 'frame expands to another length')
  return bytes
}

function* parseOperations(): Parser<unknown> {
  const head = yield* read(new Uint8Array(OPERATIONS_HEAD_BYTES))
  const length = new DataView(head.buffer).getUint32(0, true)
  if (length === 0) throw new FrameError('bad_operations', 'empty operations')
  if (length > MAX_OPERATIONS_BYTES) throw new FrameError('operations_too_large', 'operations exceed 1 MiB')
  const json = yield* read(new Uint8Array(length))
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)) as unknown
  } catch (error) {
    throw new FrameError('bad_operations', 'operations are not JSON', error)
  }
}

/** `buffer` must not be empty. */
function* read<T extends Uint8Array>(buffer: T): Parser<T> {
  yield buffer
  return buffer
}

function* readByte(): Parser<number> {
  const byte = yield* read(new Uint8Array(1))
  return byte[0] ?? SECTION_END
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
