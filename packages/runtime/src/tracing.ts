import { trace, context as traceContext } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { Logger } from './logger.ts'
import { createOtlpExporter } from './otlp-exporter.ts'

export interface TracingOptions {
  /** OTLP/HTTP collector, e.g. "http://127.0.0.1:4318". Unset: tracing is off and costs nothing. */
  readonly endpoint?: string | undefined
  readonly serviceName: string
  readonly serviceVersion?: string
  readonly logger: Logger
  /** Share of new traces to record, 0 … 1; default 1. A caller's decision is followed. */
  readonly sampleRatio?: number
  /** Instead of a collector, for tests. Spans arrive here as soon as they end. */
  readonly exporter?: SpanExporter
}

export interface Tracing {
  readonly enabled: boolean
  /** Sends what is pending. */
  flush(): Promise<void>
  /** Sends what is pending and turns tracing off again. */
  shutdown(): Promise<void>
}

const OFF: Tracing = {
  enabled: false,
  flush: () => Promise.resolve(),
  shutdown: () => Promise.resolve()
}

/**
 * Turns manual spans on for this process (the OpenTelemetry API holds one provider per process).
 * The active span follows async calls through AsyncLocalStorage. Loaded only when used.
 */
export const createTracing = async (options: TracingOptions): Promise<Tracing> => {
  if (options.endpoint === undefined && options.exporter === undefined) return OFF
  const sdk = await import('@opentelemetry/sdk-trace-node')
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
  const processor =
    options.exporter === undefined
      ? new sdk.BatchSpanProcessor(
          createOtlpExporter({
            endpoint: options.endpoint ?? '',
            logger: options.logger,
            resource: {
              'service.name': options.serviceName,
              ...(options.serviceVersion === undefined ? {} : { 'service.version': options.serviceVersion })
            }
          })
        )
      : new sdk.SimpleSpanProcessor(options.exporter)
  const provider = new sdk.BasicTracerProvider({
    spanProcessors: [processor],
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.sampleRatio ?? 1) })
  })
  const contextManager = new AsyncLocalStorageContextManager().enable()
  traceContext.setGlobalContextManager(contextManager)
  trace.setGlobalTracerProvider(provider)
  // The exporter has complained already; lost spans must not fail a stop.
  const tolerate = (error: unknown): void => options.logger.debug({ err: error }, 'spans were lost')
  return {
    enabled: true,
    flush: () => provider.forceFlush().catch(tolerate),
    shutdown: async () => {
      await provider.shutdown().catch(tolerate)
      trace.disable()
      traceContext.disable()
    }
  }
}
