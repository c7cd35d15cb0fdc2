import { Code } from '@connectrpc/connect'

interface ErrorCodeSpec {
  /** HTTP status at the public surface. */
  readonly status: number
  /** Code between services. */
  readonly rpc: Code
  /** Short, constant, human-readable summary. */
  readonly title: string
}

const spec = (status: number, rpc: Code, title: string): ErrorCodeSpec => ({ status, rpc, title })

/** Every stable error code of the public API. Codes are never renamed or reused. */
export const ERROR_CODES = {
  invalid_request: spec(400, Code.InvalidArgument, 'The request is not valid'),
  invalid_name: spec(400, Code.InvalidArgument, 'This name cannot be used'),
  invalid_cursor: spec(400, Code.InvalidArgument, 'The cursor is not valid'),
  invalid_url: spec(400, Code.InvalidArgument, 'The URL is not in canonical form'),
  unauthenticated: spec(401, Code.Unauthenticated, 'Sign in first'),
  forbidden: spec(403, Code.PermissionDenied, 'Not allowed'),
  csrf_refused: spec(403, Code.PermissionDenied, 'The request did not come from this application'),
  not_found: spec(404, Code.NotFound, 'Not found'),
  method_not_allowed: spec(405, Code.Unimplemented, 'This method is not offered here'),
  name_taken: spec(409, Code.AlreadyExists, 'The name is taken'),
  would_cycle: spec(409, Code.FailedPrecondition, 'A folder cannot be moved into itself'),
  stale: spec(409, Code.FailedPrecondition, 'The item has changed meanwhile'),
  stale_subtree: spec(409, Code.FailedPrecondition, 'Something inside the folder has changed meanwhile'),
  gone: spec(410, Code.NotFound, 'No longer there'),
  parent_gone: spec(409, Code.FailedPrecondition, 'The folder is no longer there'),
  not_a_folder: spec(409, Code.FailedPrecondition, 'This is not a folder'),
  not_a_file: spec(409, Code.FailedPrecondition, 'This is not a file'),
  too_deep: spec(409, Code.FailedPrecondition, 'Folders are nested too deeply'),
  conflict: spec(409, Code.Aborted, 'The request conflicts with the current state'),
  idempotency_mismatch: spec(422, Code.InvalidArgument, 'This operation id was used for another request'),
  offset_mismatch: spec(409, Code.FailedPrecondition, 'The upload continues at another offset'),
  upload_incomplete: spec(409, Code.FailedPrecondition, 'The upload is not complete'),
  upload_expired: spec(410, Code.NotFound, 'The upload has expired'),
  chunk_missing: spec(409, Code.FailedPrecondition, 'A chunk has not been sent'),
  chunk_corrupt: spec(400, Code.InvalidArgument, 'A chunk does not match its id'),
  checksum_mismatch: spec(460, Code.InvalidArgument, 'The checksum does not match'),
  precondition_failed: spec(412, Code.FailedPrecondition, 'A precondition of the request does not hold'),
  payload_too_large: spec(413, Code.ResourceExhausted, 'The request is too large'),
  unsupported_media_type: spec(415, Code.InvalidArgument, 'This content type is not accepted'),
  no_preview: spec(415, Code.InvalidArgument, 'There is no preview of this file'),
  range_not_satisfiable: spec(416, Code.OutOfRange, 'The range cannot be served'),
  locked: spec(423, Code.Aborted, 'In use by another request'),
  rate_limited: spec(429, Code.ResourceExhausted, 'Too many requests'),
  internal: spec(500, Code.Internal, 'Something went wrong on the server'),
  content_damaged: spec(500, Code.DataLoss, 'Stored content could not be verified'),
  unavailable: spec(503, Code.Unavailable, 'Temporarily unavailable'),
  deadline_exceeded: spec(504, Code.DeadlineExceeded, 'The request took too long'),
  quota_exceeded: spec(507, Code.ResourceExhausted, 'The storage quota is used up'),
  disk_full: spec(507, Code.ResourceExhausted, 'The server has no space left')
} as const satisfies Record<string, ErrorCodeSpec>

export type ErrorCode = keyof typeof ERROR_CODES

/**
 * The one error that crosses boundaries: services throw it, RPC carries its code and detail,
 * HTTP renders it as a problem document. `cause` is logged and never leaves the process.
 */
export class CairnError extends Error {
  readonly code: ErrorCode
  /** Machine-readable extras for the client; must hold nothing secret. */
  readonly details: Readonly<Record<string, string | number | boolean>>
  /** Seconds the client should wait before trying again. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, detail: string, options: CairnErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CairnError'
    this.code = code
    this.details = options.details ?? {}
    this.retryAfter = options.retryAfter
  }
}

export interface CairnErrorOptions {
  readonly cause?: unknown
  readonly details?: Readonly<Record<string, string | number | boolean>>
  readonly retryAfter?: number
}

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(ERROR_CODES, value)
