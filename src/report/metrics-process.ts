/** What Node and the system say of this process → metrics under the names that the client for Node gives them. */
import { collectDefaultMetrics, Registry } from 'prom-client'

/** Gauges that call themselves totals, which Prometheus' own linter refuses. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)
/** They include the time between two looks, and forget with every scrape, whoever scrapes: see loop-delay.ts. */
const LAGS = ['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map(
  (which) => `nodejs_eventloop_lag${which}_seconds`,
)
/** Between those looks, which nobody needs. */
const DAY_MS = 86_400_000

export function processRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: DAY_MS })
  for (const name of [...MISNAMED, ...LAGS]) registry.removeSingleMetric(name)
  return registry
}
