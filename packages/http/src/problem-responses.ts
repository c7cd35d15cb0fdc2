import { ERROR_CODES, type ErrorCode } from '@cairn/contracts'
import { Problem } from './schemas.ts'

interface ProblemResponse {
  readonly description: string
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof Problem } }
}

/**
 * Response schemas of the errors an operation may answer with, one entry per HTTP status:
 * `response: { 200: Node, ...problemResponses('not_found', 'forbidden') }`.
 */
export const problemResponses = (...codes: readonly ErrorCode[]): Record<number, ProblemResponse> => {
  const titles = new Map<number, string[]>()
  for (const code of codes) {
    const { status, title } = ERROR_CODES[code]
    titles.set(status, [...(titles.get(status) ?? []), `\`${code}\`: ${title}`])
  }
  return Object.fromEntries(
    [...titles].map(([status, lines]) => [
      status,
      { description: lines.join('; '), content: { 'application/problem+json': { schema: Problem } } }
    ])
  )
}
