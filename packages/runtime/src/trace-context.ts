import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
  context as traceContext
} from '@opentelemetry/api'

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/

/** The W3C `traceparent` of the active span; undefined outside of any trace. */
export const currentTraceparent = (): string | undefined => {
  const span = trace.getActiveSpan()
  return span === undefined ? undefined : formatTraceparent(span.spanContext())
}

/** The active context with the remote parent named by a `traceparent`; unchanged when it is missing or malformed. */
export const contextFromTraceparent = (traceparent: string | undefined): Context => {
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent)
  return parent === undefined ? traceContext.active() : trace.setSpanContext(ROOT_CONTEXT, parent)
}

/** Undefined when malformed. */
export const parseTraceparent = (traceparent: string): SpanContext | undefined => {
  const match = TRACEPARENT.exec(traceparent)
  if (match === null) return undefined
  const [, version, traceId = '', spanId = '', flags = '00'] = match
  if (version === 'ff' || (version === '00' && traceparent.length !== 55)) return undefined
  const parent: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  return isSpanContextValid(parent) ? parent : undefined
}

export const formatTraceparent = (span: SpanContext): string | undefined =>
  isSpanContextValid(span)
    ? `00-${span.traceId}-${span.spanId}-${(span.traceFlags & 0xff).toString(16).padStart(2, '0')}`
    : undefined
