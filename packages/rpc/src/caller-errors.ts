import { CairnError } from '@cairn/contracts'
import { Code, ConnectError, type Transport } from '@connectrpc/connect'
import { fromAbort, fromConnectError } from './errors.ts'

/**
 * A transport whose failures are CairnErrors, or the reason of the caller's own signal. A decorator and
 * not an interceptor, because Connect turns what interceptors throw back into its own errors.
 */
export const withCallerErrors = (inner: Transport): Transport => ({
  unary: async (method, signal, timeoutMs, header, input, contextValues) => {
    try {
      return await inner.unary(method, signal, timeoutMs, header, input, contextValues)
    } catch (error) {
      throw asCallerError(error, signal)
    }
  },
  stream: async (method, signal, timeoutMs, header, input, contextValues) => {
    try {
      const response = await inner.stream(method, signal, timeoutMs, header, input, contextValues)
      return { ...response, message: mapFailures(response.message, (error) => asCallerError(error, signal)) }
    } catch (error) {
      throw asCallerError(error, signal)
    }
  }
})

const asCallerError = (error: unknown, signal: AbortSignal | undefined): unknown => {
  if (error instanceof CairnError) return error
  const connectError = ConnectError.from(error)
  if (signal?.aborted === true && connectError.code === Code.Canceled) return fromAbort(signal.reason)
  return fromConnectError(connectError)
}

async function* mapFailures<T>(items: AsyncIterable<T>, map: (error: unknown) => unknown): AsyncIterable<T> {
  try {
    yield* items
  } catch (error) {
    throw map(error)
  }
}
