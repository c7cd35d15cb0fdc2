import { ApiError } from '@cairn/client'
import { CommanderError } from 'commander'
import { CliError } from './exit-codes.ts'

export interface ProblemReport {
  readonly code: string
  readonly message: string
  readonly requestId?: string
}

/** An error as users and scripts get to see it. */
export function describe(error: unknown): ProblemReport {
  if (error instanceof ApiError) {
    const { code, detail: message, requestId } = error
    return requestId === undefined ? { code, message } : { code, message, requestId }
  }
  if (error instanceof CliError) return { code: error.code, message: error.message }
  if (error instanceof CommanderError) return { code: 'usage', message: error.message }
  if (error instanceof Error)
    return { code: error.name === 'NetworkError' ? 'network' : 'failed', message: error.message }
  return { code: 'failed', message: String(error) }
}
