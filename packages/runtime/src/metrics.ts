import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry
} from 'prom-client'

export type { Counter, Gauge, Histogram } from 'prom-client'

type Config<C> = Omit<C, 'registers'>

/**
 * One process's metrics. Asking twice for the same name returns the same instrument.
 * Names follow Prometheus: `cairn_<module>_<what>_<unit>[_total]`; labels have few values.
 */
export interface Metrics {
  counter<L extends string = string>(config: Config<CounterConfiguration<L>>): Counter<L>
  gauge<L extends string = string>(config: Config<GaugeConfiguration<L>>): Gauge<L>
  histogram<L extends string = string>(config: Config<HistogramConfiguration<L>>): Histogram<L>
  /** Prometheus text exposition of everything. */
  render(): Promise<string>
  /** Media type of `render()`. */
  readonly contentType: string
}

export interface MetricsOptions {
  /** Also report process and runtime figures (CPU, memory, event loop lag, GC). Default false. */
  readonly runtime?: boolean
}

export const createMetrics = (options: MetricsOptions = {}): Metrics => {
  const registry = new Registry()
  if (options.runtime === true) collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    counter: <L extends string>(config: Config<CounterConfiguration<L>>) =>
      (registry.getSingleMetric(config.name) as Counter<L> | undefined) ?? new Counter<L>({ ...config, registers }),
    gauge: <L extends string>(config: Config<GaugeConfiguration<L>>) =>
      (registry.getSingleMetric(config.name) as Gauge<L> | undefined) ?? new Gauge<L>({ ...config, registers }),
    histogram: <L extends string>(config: Config<HistogramConfiguration<L>>) =>
      (registry.getSingleMetric(config.name) as Histogram<L> | undefined) ?? new Histogram<L>({ ...config, registers }),
    render: () => registry.metrics(),
    contentType: registry.contentType
  }
}
