import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  context as traceContext
} from '@opentelemetry/api'

const TRACER_NAME = 'cairn'

export interface SpanSpec {
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly attributes?: Attributes
  /** Default: the active context. */
  readonly parent?: Context
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER
} as const

/** Starts a span that the caller ends; costs next to nothing while tracing is off. */
export const startSpan = (name: string, spec: SpanSpec = {}): Span =>
  trace.getTracer(TRACER_NAME).startSpan(
    name,
    {
      kind: KINDS[spec.kind ?? 'internal'],
      ...(spec.attributes === undefined ? {} : { attributes: spec.attributes })
    },
    spec.parent ?? traceContext.active()
  )

/** Runs `work` inside a new active span, which ends with it and records its failure. */
export const withSpan = async <T>(name: string, spec: SpanSpec, work: (span: Span) => Promise<T>): Promise<T> => {
  const span = startSpan(name, spec)
  try {
    return await traceContext.with(trace.setSpan(spec.parent ?? traceContext.active(), span), () => work(span))
  } catch (error) {
    failSpan(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** Marks a span as failed. Messages only: stack traces belong in the log. */
export const failSpan = (span: Span, error: unknown): void => {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
}
