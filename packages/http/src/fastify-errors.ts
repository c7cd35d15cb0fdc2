import { CairnError, type ErrorCode } from '@cairn/contracts'
import type { FastifyError } from 'fastify'

/** Whatever was thrown, as a CairnError; unknown errors become `internal` with the original as cause. */
export const toCairnError = (error: unknown): CairnError => {
  if (error instanceof CairnError) return error
  if (isValidationError(error)) return validationError(error)
  const code = fastifyCode(error)
  if (code !== undefined) return new CairnError(code, DETAILS[code] ?? 'The request is not valid', { cause: error })
  return new CairnError('internal', 'Unexpected error', { cause: error })
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_BAD_URL: 'invalid_url',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid_url',
  FST_ERR_HANDLER_TIMEOUT: 'deadline_exceeded'
}

const DETAILS: Readonly<Partial<Record<ErrorCode, string>>> = {
  unsupported_media_type: 'This content type is not accepted here',
  payload_too_large: 'The body is larger than this operation accepts',
  invalid_url: 'The URL is not in canonical form',
  deadline_exceeded: 'The operation took too long',
  invalid_request: 'The body is not valid JSON'
}

const fastifyCode = (error: unknown): ErrorCode | undefined => {
  if (!(error instanceof Error)) return undefined
  const { code, statusCode } = error as Partial<FastifyError>
  if (code !== undefined && CODES[code] !== undefined) return CODES[code]
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'invalid_request' : undefined
}

const isValidationError = (error: unknown): error is FastifyError =>
  error instanceof Error && Array.isArray((error as Partial<FastifyError>).validation)

const PLACES: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header'
}

const validationError = (error: FastifyError): CairnError => {
  const [first] = error.validation ?? []
  const place = PLACES[error.validationContext ?? ''] ?? 'request'
  const path = (first?.instancePath ?? '').split('/').filter((part) => part !== '')
  const params: Record<string, unknown> = first?.params ?? {}
  const extra = params['additionalProperty'] ?? params['missingProperty']
  const field = [...path, ...(typeof extra === 'string' ? [extra] : [])].join('.')
  const reason = typeof params['additionalProperty'] === 'string' ? 'is not known' : (first?.message ?? 'is not valid')
  const what = params['missingProperty'] === undefined ? reason : 'is required'
  const detail = field === '' ? `The ${place} ${what}` : `${place}: ${field} ${what}`
  return new CairnError('invalid_request', detail, { details: { in: place, ...(field === '' ? {} : { field }) } })
}
