import { CairnError, ERROR_CODES, type ErrorCode, isErrorCode } from '@cairn/contracts'
import { DeadlineError } from '@cairn/runtime'
import { Code, ConnectError } from '@connectrpc/connect'

const CODE_HEADER = 'cairn-error-code'
const DETAILS_HEADER = 'cairn-error-details'
const RETRY_HEADER = 'cairn-retry-after'

/** As it crosses between services: code, message, details and retryAfter; never the cause. */
export const toConnectError = (error: CairnError): ConnectError => {
  const metadata: Record<string, string> = { [CODE_HEADER]: error.code }
  if (Object.keys(error.details).length > 0) {
    metadata[DETAILS_HEADER] = encodeURIComponent(JSON.stringify(error.details))
  }
  if (error.retryAfter !== undefined) metadata[RETRY_HEADER] = String(error.retryAfter)
  const message = error.code === 'internal' ? 'internal error' : error.message
  return new ConnectError(message, ERROR_CODES[error.code].rpc, metadata)
}

/** What a caller sees of a failed call: a CairnError. */
export const fromConnectError = (error: ConnectError): CairnError => {
  const code = error.metadata.get(CODE_HEADER)
  if (code === null || !isErrorCode(code)) return foreignError(error)
  const retryAfter = Number(error.metadata.get(RETRY_HEADER) ?? Number.NaN)
  return new CairnError(code, error.rawMessage, {
    details: parseDetails(error.metadata.get(DETAILS_HEADER)),
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {})
  })
}

/** A call ended by its own signal: the deadline as `deadline_exceeded`, anything else as the signal's reason. */
export const fromAbort = (reason: unknown): unknown => {
  if (reason instanceof DeadlineError || (reason instanceof DOMException && reason.name === 'TimeoutError')) {
    return new CairnError('deadline_exceeded', 'A service did not answer in time', { cause: reason })
  }
  return reason instanceof Error ? reason : new CairnError('unavailable', 'The call was cancelled', { cause: reason })
}

const FOREIGN: Readonly<Partial<Record<Code, ErrorCode>>> = {
  [Code.DeadlineExceeded]: 'deadline_exceeded',
  [Code.Unavailable]: 'unavailable',
  [Code.Canceled]: 'unavailable',
  [Code.Unimplemented]: 'unavailable',
  [Code.ResourceExhausted]: 'unavailable'
}

/** Errors of the transport itself: a peer that is away, too slow, or does not (yet) offer the contract. */
const foreignError = (error: ConnectError): CairnError => {
  const code = FOREIGN[error.code] ?? 'internal'
  const detail = code === 'deadline_exceeded' ? 'A service did not answer in time' : 'A service cannot be reached'
  return new CairnError(code, code === 'internal' ? 'A service failed' : detail, {
    cause: error,
    ...(code === 'unavailable' ? { retryAfter: 1 } : {})
  })
}

const parseDetails = (header: string | null): Record<string, string | number | boolean> => {
  if (header === null) return {}
  const details: unknown = JSON.parse(decodeURIComponent(header))
  return details !== null && typeof details === 'object' ? (details as Record<string, string | number | boolean>) : {}
}
