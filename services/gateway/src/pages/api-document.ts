import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { OpenAPIV3_1 } from 'openapi-types'

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])
/** How the router spells "the rest of the path", and how the description does. */
const REST = '*'
const REST_NAME = 'path'

/** Describes what schemas cannot say: bodies that are streamed. Only the description sees it. */
export const describeRoute: Transform = ({ schema, url, route }) => {
  const streams =
    route.config?.bodyMode === 'stream' && [route.method].flat().some((name) => METHODS_WITH_BODY.has(name))
  if (!streams || schema?.['body'] !== undefined) return { schema, url }
  const body = { type: 'string', format: 'binary', description: 'Bytes, as a stream' }
  return { url, schema: { ...schema, consumes: schema?.['consumes'] ?? ['application/octet-stream'], body } }
}

/** Gives wildcards a name and states the problem document once instead of in every answer. */
export const tidyDocument = (document: OpenAPIV3_1.Document): OpenAPIV3_1.Document => {
  const { problem, text } = extractProblem(document)
  const tidied = JSON.parse(text) as OpenAPIV3_1.Document
  const paths: Record<string, OpenAPIV3_1.PathItemObject> = {}
  for (const [path, item] of Object.entries(tidied.paths ?? {})) {
    paths[path.replace(`{${REST}}`, `{${REST_NAME}}`)] = nameRest(item ?? {})
  }
  const schemas = { ...tidied.components?.schemas, ...(problem === undefined ? {} : { Problem: problem }) }
  return { ...tidied, paths, components: { ...tidied.components, schemas } }
}

const nameRest = (item: OpenAPIV3_1.PathItemObject): OpenAPIV3_1.PathItemObject => {
  for (const operation of Object.values(item)) {
    if (typeof operation !== 'object' || !('parameters' in operation)) continue
    for (const parameter of operation.parameters ?? []) {
      if ('name' in parameter && parameter.name === REST) parameter.name = REST_NAME
    }
  }
  return item
}

/** Every answer carries the same schema, so its text is the same everywhere. */
const extractProblem = (
  document: OpenAPIV3_1.Document
): { problem: OpenAPIV3_1.SchemaObject | undefined; text: string } => {
  let problem: OpenAPIV3_1.SchemaObject | undefined
  const text = JSON.stringify(document, (key, value: unknown) => {
    if (key !== 'application/problem+json') return value
    problem ??= (value as { schema: OpenAPIV3_1.SchemaObject }).schema
    return { schema: { $ref: '#/components/schemas/Problem' } }
  })
  return { problem, text }
}
