export type FrameErrorCode =
  | 'bad_magic'
  | 'bad_version'
  /** Unknown or misplaced section. */
  | 'bad_section'
  /** Lengths of a frame contradict each other. */
  | 'bad_length'
  | 'frame_too_large'
  | 'total_too_large'
  | 'too_many_frames'
  | 'bad_compression'
  | 'id_mismatch'
  | 'operations_too_large'
  | 'bad_operations'
  | 'trailing_bytes'
  | 'truncated'
  /** An injected function failed; not the sender's fault. */
  | 'internal'

/** The only error a frame decoder throws. Codes are stable. */
export class FrameError extends Error {
  readonly code: FrameErrorCode

  constructor(code: FrameErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'FrameError'
    this.code = code
  }
}
