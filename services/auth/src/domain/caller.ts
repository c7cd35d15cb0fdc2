/** Who sends a request, as far as is known when it is judged. */
export interface Caller {
  /** Address as seen through trusted proxies. */
  readonly ip: string
  /** IPv4 address or IPv6 /64: what limits count by. */
  readonly source: string
  readonly userAgent: string
  readonly requestId: string
  readonly userId?: string
  readonly sessionId?: string
}

/** A caller whose session was verified. */
export interface SignedIn extends Caller {
  readonly userId: string
  readonly sessionId: string
}
