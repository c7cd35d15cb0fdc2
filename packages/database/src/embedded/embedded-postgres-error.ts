export type EmbeddedPostgresErrorCode =
  | 'unsupported_platform'
  | 'not_accessible'
  | 'in_use'
  | 'wrong_version'
  | 'start_failed'

/** The embedded server cannot run; the message says what the administrator can do. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode
  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresError'
    this.code = code
  }
}
