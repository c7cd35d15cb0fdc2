export { type Clock, createSystemClock } from './clock.ts'
export { ConfigError, type ConfigProblem } from './config-error.ts'
export { createEnvReader, type Env, type EnvReader, type RangeSpec, type VariableSpec } from './env-reader.ts'
export {
  type CheckState,
  createHealth,
  type Health,
  type HealthCheck,
  type HealthOptions,
  type HealthReport
} from './health.ts'
export { createKeyedMutex, type KeyedMutex } from './keyed-mutex.ts'
export { createLifecycle, type Lifecycle } from './lifecycle.ts'
export { childLogger, createLogger, type Logger, type LoggerOptions, type LogLevel } from './logger.ts'
export { mapConcurrent } from './map-concurrent.ts'
export {
  type Counter,
  createMetrics,
  type Gauge,
  type Histogram,
  type Metrics,
  type MetricsOptions
} from './metrics.ts'
export { ModuleGraphError, type ModuleNode, sortModules } from './module-graph.ts'
export { type ModuleLife, type RunningModules, type StartOptions, startModules } from './modules.ts'
export { createSystemRandom, type Random } from './random.ts'
export {
  anySignal,
  type CallSignal,
  type CallSignalOptions,
  createCallSignal,
  DeadlineError,
  withCallSignal
} from './signals.ts'
export { failSpan, type SpanSpec, startSpan, withSpan } from './span.ts'
export { contextFromTraceparent, currentTraceparent, formatTraceparent, parseTraceparent } from './trace-context.ts'
export { createTracing, type Tracing, type TracingOptions } from './tracing.ts'
export { parseBytes, parseDuration } from './units.ts'
