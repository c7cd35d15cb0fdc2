import {
  create,
  type DescMessage,
  type DescMethodUnary,
  isMessage,
  type MessageInitShape,
  type MessageShape
} from '@bufbuild/protobuf'
import { type CallSignal, createCallSignal, DeadlineError } from '@cairn/runtime'
import {
  Code,
  ConnectError,
  createContextValues,
  type HandlerContext,
  type Interceptor,
  type Transport,
  type UnaryRequest,
  type UnaryResponse
} from '@connectrpc/connect'
import { withCallerErrors } from './caller-errors.ts'
import type { RpcRegistry } from './registry.ts'
import { createSerializingTransport } from './serializing-transport.ts'
import { DEFAULT_TIMEOUT_MS, type RpcTransportOptions } from './transport-options.ts'

type Invoke = ReturnType<Interceptor>

/**
 * Calls within the process: the same interceptors as over the wire, but messages are handed over as they
 * are. Neither side may keep or change what it was given. Streaming methods take the serializing path.
 */
export const createLocalTransport = (registry: RpcRegistry, options: RpcTransportOptions): Transport => {
  const { client, server } = options.interceptors
  const call = compose([...client, ...server], createInvoke(registry))
  const streams = createSerializingTransport(registry, options)

  return {
    stream: (...args) => streams.stream(...args),
    unary: withCallerErrors({
      stream: (...args) => streams.stream(...args),
      unary: async <I extends DescMessage, O extends DescMessage>(
        method: DescMethodUnary<I, O>,
        ...[signal, timeoutMs, header, input, contextValues]: Tail<Parameters<Transport['unary']>>
      ): Promise<UnaryResponse<I, O>> => {
        using active = createCallSignal({
          parents: [signal],
          timeoutMs: timeoutMs ?? options.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS
        })
        const request: UnaryRequest<I, O> = {
          stream: false,
          service: method.parent,
          method,
          requestMethod: 'POST',
          url: `local:${method.parent.typeName}/${method.name}`,
          signal: active.signal,
          header: new Headers(header),
          contextValues: contextValues ?? createContextValues(),
          message: toMessage(method.input, input as MessageInitShape<I>)
        }
        return (await raceAbort(call(request as UnaryRequest), active)) as UnaryResponse<I, O>
      }
    }).unary
  }
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

const compose = (interceptors: readonly Interceptor[], innermost: Invoke): Invoke =>
  interceptors.reduceRight<Invoke>((next, interceptor) => interceptor(next), innermost)

const toMessage = <D extends DescMessage>(schema: D, init: MessageInitShape<D>): MessageShape<D> =>
  isMessage(init, schema) ? init : create(schema, init)

const createInvoke =
  (registry: RpcRegistry): Invoke =>
  async (request) => {
    const answer = registry.method(request.method) as
      | ((message: unknown, context: HandlerContext) => Promise<MessageInitShape<DescMessage>>)
      | undefined
    if (answer === undefined || request.stream) {
      throw new ConnectError(`${request.service.typeName}/${request.method.name} is not offered`, Code.Unimplemented)
    }
    const context = new LocalContext(request)
    const message = toMessage(request.method.output, await answer(request.message, context))
    return {
      stream: false,
      service: request.service,
      method: request.method,
      header: context.responseHeader,
      trailer: context.responseTrailer,
      message
    }
  }

/** Headers are made when somebody asks for them: a local call is too short to pay for them. */
class LocalContext implements HandlerContext {
  readonly protocolName = 'local'
  readonly #request: UnaryRequest
  #responseHeader: Headers | undefined
  #responseTrailer: Headers | undefined

  constructor(request: UnaryRequest) {
    this.#request = request
  }

  get method() {
    return this.#request.method
  }
  get service() {
    return this.#request.service
  }
  get signal() {
    return this.#request.signal
  }
  get requestMethod() {
    return this.#request.requestMethod
  }
  get requestHeader() {
    return this.#request.header
  }
  get values() {
    return this.#request.contextValues
  }
  get url() {
    return this.#request.url
  }
  get responseHeader() {
    this.#responseHeader ??= new Headers()
    return this.#responseHeader
  }
  get responseTrailer() {
    this.#responseTrailer ??= new Headers()
    return this.#responseTrailer
  }
  timeoutMs = (): undefined => undefined
}

/** The caller is released at once even when the implementation ignores its signal. */
const raceAbort = async <T>(work: Promise<T>, { signal }: CallSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(connectAbort(signal.reason))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const connectAbort = (reason: unknown): ConnectError =>
  reason instanceof DeadlineError
    ? new ConnectError('the operation timed out', Code.DeadlineExceeded)
    : new ConnectError('the operation was cancelled', Code.Canceled)
