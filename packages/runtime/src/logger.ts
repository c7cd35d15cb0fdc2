import { trace } from '@opentelemetry/api'
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'
import { REDACTED, redactRecord } from './redact.ts'
import { serializeError } from './serialize-error.ts'

/** Structured log: `logger.info({ driveId }, 'drive created')`. Fields named like secrets are redacted. */
export type Logger = PinoLogger

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

export interface LoggerOptions {
  /** Default info. */
  readonly level?: LogLevel
  /** Name of the process, e.g. "cairn". */
  readonly name?: string
  /** Where lines go; default standard output. */
  readonly destination?: DestinationStream
}

/** One JSON object per line, times as ISO 8601 UTC, the active trace id when there is one. */
export const createLogger = (options: LoggerOptions = {}): Logger =>
  pino(
    {
      level: options.level ?? 'info',
      ...(options.name === undefined ? {} : { name: options.name }),
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactRecord },
      // Bindings of child loggers bypass `formatters.log`.
      redact: { paths: ['authorization', 'cookie', 'password', 'token', 'secret'], censor: REDACTED },
      serializers: { err: serializeError, error: serializeError },
      mixin: activeTrace
    },
    options.destination ?? pino.destination({ dest: 1, sync: false })
  )

/** A child whose lines carry `module: name`. */
export const childLogger = (logger: Logger, name: string): Logger => logger.child({ module: name })

const NO_TRACE: Record<string, string> = Object.freeze({})

const activeTrace = (): Record<string, string> => {
  const span = trace.getActiveSpan()
  return span === undefined ? { ...NO_TRACE } : { traceId: span.spanContext().traceId }
}
