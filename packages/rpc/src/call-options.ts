import type { CallOptions } from '@connectrpc/connect'
import { REQUEST_ID_HEADER } from './interceptors.ts'

/** Call options for work done on behalf of an HTTP request: its signal, its id. */
export const callFor = (request: { readonly id: string; readonly signal: AbortSignal }): CallOptions => ({
  signal: request.signal,
  headers: { [REQUEST_ID_HEADER]: request.id }
})
