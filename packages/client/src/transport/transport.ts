import type { Credentials } from '../credentials/credentials.ts'
import { ApiError, NetworkError, ProtocolError } from '../errors.ts'
import type { Timing } from './clock.ts'
import type { HttpPort, HttpReply } from './http-port.ts'
import { readProblem } from './problem.ts'
import { type ApiRequest, bodyOf, isIdempotent, urlOf } from './request.ts'
import { type RetryEvent, type RetryPolicy, withRetry } from './retry.ts'

export interface TransportOptions {
  /** Origin, optionally with a path prefix, without trailing slash. */
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly http: HttpPort
  readonly userAgent: string | undefined
  readonly timing: Timing
  readonly retry: RetryPolicy
  readonly timeoutMs: number
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
}

/** Sends requests: credentials, time limit, retries, errors. */
export interface Transport {
  /** The reply with its body unread. Breaking off the body is the caller's matter. */
  send(request: ApiRequest): Promise<HttpReply>
  /** The reply's JSON document. */
  json<T>(request: ApiRequest): Promise<T>
  /** For requests whose answer has no body of interest. */
  none(request: ApiRequest): Promise<void>
  /** The header that makes a POST or PATCH repeatable; a new key unless one is given. */
  once(key?: string): { 'idempotency-key': string }
}

export function createTransport(options: TransportOptions): Transport {
  return {
    send: (request) => retried(options, request, async (reply) => reply),
    json: <T>(request: ApiRequest) => retried(options, request, (reply) => readJson<T>(reply, request)),
    none: (request) => retried(options, request, (reply) => reply.discard()),
    once: (key) => ({ 'idempotency-key': key ?? options.timing.uuid() })
  }
}

// The body is read inside the retried part: a connection may break in the middle of it.
function retried<T>(
  options: TransportOptions,
  request: ApiRequest,
  read: (reply: HttpReply) => Promise<T>
): Promise<T> {
  const attempt = async () => {
    const reply = await authenticated(options, request)
    try {
      return await read(reply)
    } catch (error) {
      throw asNetworkError(error, request.signal)
    }
  }
  if (!isIdempotent(request)) return attempt()
  const { timing, onRetry } = options
  return withRetry({ policy: request.retry ?? options.retry, timing, signal: request.signal, onRetry }, attempt)
}

async function authenticated(options: TransportOptions, request: ApiRequest): Promise<HttpReply> {
  const { credentials, timing } = options
  const checked = async (reply: HttpReply) => {
    if ((reply.status >= 200 && reply.status < 300) || request.accept?.includes(reply.status)) return reply
    throw await readProblem(reply, timing.now())
  }
  const refused = await credentials.headers(request.signal)
  const reply = await exchange(options, request, refused)
  if (reply.status !== 401) return checked(reply)
  const problem = await readProblem(reply, timing.now())
  if (!(await credentials.renew(refused, request.signal))) throw problem
  return checked(await exchange(options, request, await credentials.headers(request.signal)))
}

async function exchange(
  options: TransportOptions,
  request: ApiRequest,
  authorization: Readonly<Record<string, string>>
): Promise<HttpReply> {
  request.signal?.throwIfAborted()
  const headers = new Headers({ accept: 'application/json, application/problem+json', ...request.headers })
  if (request.json !== undefined) headers.set('content-type', 'application/json')
  if (options.userAgent !== undefined) headers.set('user-agent', options.userAgent)
  for (const [name, value] of Object.entries(authorization)) headers.set(name, value)

  const { method, signal } = request
  const timeoutMs = request.timeoutMs ?? options.timeoutMs
  const url = urlOf(options.baseUrl, request)
  try {
    return await options.http.exchange({ method, url, headers, body: bodyOf(request), timeoutMs, signal })
  } catch (error) {
    throw asNetworkError(error, signal)
  }
}

async function readJson<T>(reply: HttpReply, request: ApiRequest): Promise<T> {
  const text = await reply.text()
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new ProtocolError(`${request.method} ${request.path} was not answered with JSON`, { cause: error })
  }
}

/** Errors of the platform's sockets and streams, in the client's terms. */
export function asNetworkError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof ApiError || error instanceof ProtocolError || error instanceof NetworkError) return error
  if (signal?.aborted) return signal.reason
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined
  const reason = cause ?? (error instanceof Error ? error.message : String(error))
  return new NetworkError(`The connection failed: ${reason}`, { cause: error })
}
