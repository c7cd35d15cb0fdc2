import { type RetryPolicy, withAttempts } from './attempts.ts'
import { failureOf } from './errors.ts'
import type { S3Api } from './s3-api.ts'

const PROBE_BYTES = new TextEncoder().encode('probe')

export interface ConditionalPut {
  /** Whether the server refuses a PUT with `If-None-Match: *` on a taken name. Asked once, then remembered. */
  isSupported(): Promise<boolean>
}

interface ProbeContext {
  readonly api: S3Api
  readonly policy: RetryPolicy
  /** An unused name; keys of the store never look like it. */
  readonly newProbeKey: () => string
  readonly onProblem: (message: string, cause: unknown) => void
}

/** A server may reject the header, obey it, or ignore it: only a refused second PUT proves that it obeys. */
export const createConditionalPut = (context: ProbeContext): ConditionalPut => {
  let answer: Promise<boolean> | undefined
  return {
    isSupported: () => {
      answer ??= probe(context).catch((error: unknown) => {
        answer = undefined
        throw error
      })
      return answer
    }
  }
}

const probe = async (context: ProbeContext): Promise<boolean> => {
  const key = context.newProbeKey()
  const first = await putProbe(context, key)
  if (first === 'unknown') return false
  const second = first === 'stored' ? await putProbe(context, key) : first
  await removeProbe(context, key)
  return second === 'refused'
}

const putProbe = async ({ api, policy }: ProbeContext, key: string): Promise<'stored' | 'refused' | 'unknown'> => {
  try {
    await withAttempts(policy, {}, ({ signal }) =>
      api.put({ key, bytes: PROBE_BYTES, writer: 'probe', onlyIfAbsent: true }, signal)
    )
    return 'stored'
  } catch (error) {
    if (isRefused(error)) return 'refused'
    if (isUnknownHeader(error)) return 'unknown'
    throw error
  }
}

export const isRefused = (error: unknown): boolean => {
  const { name, status } = failureOf(error)
  return status === 412 || name === 'PreconditionFailed'
}

const UNKNOWN_HEADER = new Set(['NotImplemented', 'InvalidArgument', 'InvalidRequest'])

const isUnknownHeader = (error: unknown): boolean => {
  const { name, status } = failureOf(error)
  return status === 501 || (status === 400 && UNKNOWN_HEADER.has(name))
}

const removeProbe = async ({ api, policy, onProblem }: ProbeContext, key: string): Promise<void> => {
  try {
    await withAttempts(policy, {}, ({ signal }) => api.remove(key, signal))
  } catch (error) {
    onProblem('a probe object could not be removed', error)
  }
}
