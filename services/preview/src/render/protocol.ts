import { REASONS, type Reason } from '../recipe.ts'
import { FORMATS, type Format } from './format.ts'

/**
 * Between server and child, over pipes, one request at a time:
 * request  format u8 ‖ 0 ‖ size u16 ‖ length u32 ‖ source        reply  status u8 ‖ 0 0 0 ‖ length u32 ‖ picture
 * Integers are little-endian; status 0 is a picture, n the n-th reason. The child's first reply, unasked and empty, says
 * that it is ready.
 */
export const HEADER_LENGTH = 8

/** The child ends itself with these. */
export const EXIT_MEMORY = 70
export const EXIT_NO_SHARP = 71

export interface RenderRequest {
  readonly format: Format
  readonly size: number
  readonly length: number
}

export const encodeRequest = ({ format, size, length }: RenderRequest): Buffer => {
  const header = Buffer.alloc(HEADER_LENGTH)
  header.writeUInt8(FORMATS.indexOf(format), 0)
  header.writeUInt16LE(size, 2)
  header.writeUInt32LE(length, 4)
  return header
}

export const decodeRequest = (header: Buffer): RenderRequest => {
  const format = FORMATS[header.readUInt8(0)]
  if (format === undefined) throw new RangeError('no such format')
  return { format, size: header.readUInt16LE(2), length: header.readUInt32LE(4) }
}

export interface ReplyHeader {
  /** Undefined: a picture follows. */
  readonly reason: Reason | undefined
  readonly length: number
}

export const encodeReply = ({ reason, length }: ReplyHeader): Buffer => {
  const header = Buffer.alloc(HEADER_LENGTH)
  header.writeUInt8(reason === undefined ? 0 : 1 + REASONS.indexOf(reason), 0)
  header.writeUInt32LE(length, 4)
  return header
}

export const decodeReply = (header: Buffer): ReplyHeader => {
  const status = header.readUInt8(0)
  return { reason: status === 0 ? undefined : (REASONS[status - 1] ?? 'damaged'), length: header.readUInt32LE(4) }
}
