import { Ajv, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

const COMMON: Options = { allErrors: false, removeAdditional: false, useDefaults: true, strict: false }

/**
 * Compiles request schemas. Bodies are taken as they are: a number in a string is refused. Query, path and
 * headers are text, so they are converted to the type their schema asks for.
 */
export const createValidatorCompiler = (): FastifySchemaCompiler<object> => {
  const strict = createAjv({ ...COMMON, coerceTypes: false })
  const converting = createAjv({ ...COMMON, coerceTypes: 'array' })
  return ({ schema, httpPart }) => (httpPart === 'body' ? strict : converting).compile(schema)
}

const createAjv = (options: Options): Ajv => {
  const ajv = new Ajv(options)
  addFormats.default(ajv)
  return ajv
}
