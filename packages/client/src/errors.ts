/** The server refused a request and said why (RFC 9457 problem document). */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number
  /** Stable code, e.g. `name_taken`; `http_<status>` when the reply was no problem document. */
  readonly code: string
  /** What went wrong and what to do, in words. */
  readonly detail: string
  /** Quote it to the administrator: the server's logs know the request by it. */
  readonly requestId: string | undefined
  /** Seconds the server asked to wait. */
  readonly retryAfter: number | undefined
  /** Further members of the problem document. */
  readonly extras: Readonly<Record<string, unknown>>

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.detail = problem.detail
    this.requestId = problem.requestId
    this.retryAfter = problem.retryAfter
    this.extras = problem.extras ?? {}
  }
}

export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId?: string | undefined
  readonly retryAfter?: number | undefined
  readonly extras?: Readonly<Record<string, unknown>>
}

/** No usable answer arrived: the server is unreachable, the connection broke or the time ran out. */
export class NetworkError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'NetworkError'
  }
}

/** The server answered with something that is not the documented shape. */
export class ProtocolError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ProtocolError'
  }
}
