import type { Attributes, AttributeValue } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { Logger } from './logger.ts'

export interface OtlpExporterOptions {
  /** Base URL of a collector, e.g. "http://127.0.0.1:4318"; spans go to `<base>/v1/traces`. */
  readonly endpoint: string
  readonly resource: Attributes
  readonly logger: Logger
  /** Extra headers, e.g. an API key. */
  readonly headers?: Readonly<Record<string, string>>
}

const TIMEOUT_MS = 10_000
const QUIET_MS = 60_000
const SUCCESS = 0
const FAILED = 1

/** Sends spans as OTLP/HTTP JSON. A collector that is down costs spans, never requests. */
export const createOtlpExporter = (options: OtlpExporterOptions): SpanExporter => {
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`
  const inFlight = new Set<Promise<void>>()
  let quietUntil = 0

  const send = async (spans: readonly ReadableSpan[]): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...options.headers, 'content-type': 'application/json' },
      body: JSON.stringify(encodeSpans(spans, options.resource)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error'
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`The trace collector answered ${response.status}`)
  }

  const complain = (error: unknown): void => {
    if (Date.now() < quietUntil) return
    quietUntil = Date.now() + QUIET_MS
    options.logger.warn({ err: error }, 'spans could not be exported')
  }

  return {
    export: (spans, done) => {
      const sending = send(spans).then(
        () => done({ code: SUCCESS }),
        (error: unknown) => {
          complain(error)
          done({ code: FAILED, error: error instanceof Error ? error : new Error(String(error)) })
        }
      )
      inFlight.add(sending)
      void sending.finally(() => inFlight.delete(sending))
    },
    forceFlush: async () => {
      await Promise.all(inFlight)
    },
    shutdown: async () => {
      await Promise.all(inFlight)
    }
  }
}

const encodeSpans = (spans: readonly ReadableSpan[], resource: Attributes): object => ({
  resourceSpans: [
    {
      resource: { attributes: encodeAttributes(resource) },
      scopeSpans: [{ scope: { name: 'cairn' }, spans: spans.map(encodeSpan) }]
    }
  ]
})

const encodeSpan = (span: ReadableSpan): object => {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return {
    traceId,
    spanId,
    ...(span.parentSpanContext === undefined ? {} : { parentSpanId: span.parentSpanContext.spanId }),
    flags: traceFlags,
    name: span.name,
    // OTLP numbers span kinds from 1, the API from 0.
    kind: span.kind + 1,
    startTimeUnixNano: nanoseconds(span.startTime),
    endTimeUnixNano: nanoseconds(span.endTime),
    attributes: encodeAttributes(span.attributes),
    status: { code: span.status.code, ...(span.status.message === undefined ? {} : { message: span.status.message }) },
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: nanoseconds(event.time),
      attributes: encodeAttributes(event.attributes ?? {})
    }))
  }
}

const nanoseconds = ([seconds, nanos]: readonly [number, number]): string =>
  (BigInt(seconds) * 1_000_000_000n + BigInt(nanos)).toString()

const encodeAttributes = (attributes: Attributes): readonly object[] =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: encodeValue(value) }]
  )

const encodeValue = (value: AttributeValue | null): object => {
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => encodeValue(item ?? null)) } }
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { boolValue: value }
    case 'number':
      return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
    default:
      return {}
  }
}
