/** What Node and the system say of this process → metrics under the names that the client for Node gives them. */
import { collectDefaultMetrics, Registry } from 'prom-client'

/** Gauges that call themselves totals, which Prometheus' own linter refuses. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)
/** Of the delay of the event loop, in milliseconds: an idle daemon is to sleep. */
const DELAY_PRECISION = 100

export function processRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: DELAY_PRECISION })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  return registry
}
