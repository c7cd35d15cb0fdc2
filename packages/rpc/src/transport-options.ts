import type { RpcInterceptors } from './interceptors.ts'

export interface RpcTransportOptions {
  readonly interceptors: RpcInterceptors
  /** Milliseconds for calls that name no deadline; default 30 000. */
  readonly defaultTimeoutMs?: number
}

export const DEFAULT_TIMEOUT_MS = 30_000

/** Messages between services are small: bytes of files never ride them. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
