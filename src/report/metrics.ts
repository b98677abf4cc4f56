/** Events, passes and what stands after them → Prometheus' text; names are a public interface. */
import { Counter, Histogram, Registry } from 'prom-client'
import type { Event, PassResult } from '../model/event.ts'
import type { Watch } from '../model/feed.ts'
import { remember } from '../model/remember.ts'
import { followLoopDelay } from './loop-delay.ts'
import { backendLines, watchLines } from './metrics-backends.ts'
import type { Series } from './metrics-before.ts'
import { addCounts, readSeries, stateFrom } from './metrics-before.ts'
import type { BackendSeen, ConsulRequest, Done, Seen } from './metrics-input.ts'
import type { Lines, Sample } from './metrics-lines.ts'
import { headOf, linesOf } from './metrics-lines.ts'
import { processRegistry } from './metrics-process.ts'
import { samplesOf, watchSamples } from './metrics-samples.ts'
import type { MetricsState } from './metrics-state.ts'
import { afterEvent, afterPass, newDrift, NOTHING_YET, stateSamples } from './metrics-state.ts'
import type { Family } from './metrics-table.ts'
import { FAMILIES } from './metrics-table.ts'

const RESULTS: Readonly<Record<PassResult, string>> = {
  'in-sync': 'noop',
  applied: 'applied',
  rejected: 'rejected',
  'held-by-guard': 'held',
  'put-off': 'put_off',
  failed: 'error',
  suspended: 'suspended',
  bug: 'error',
}
const TRIGGERS: Readonly<Record<string, string>> = {
  start: 'startup',
  files: 'files',
  SIGHUP: 'signal',
  suspension: 'signal',
  look: 'interval',
  resync: 'interval',
  // Somebody else has touched the file.
  'haproxy.cfg': 'drift',
}
const NO_BACKENDS: readonly BackendSeen[] = []

export interface MetricsFacts {
  readonly version: string
  /** Whether memory, CPU and event loop of this process are shown too. */
  readonly process?: boolean
  /** The text of an earlier process that these go on from. */
  readonly before?: string
}

/** A registry of its own: nothing else of the process shows up in it, and nothing of it elsewhere. */
export class Metrics {
  /** Of what is counted and measured; gauges are printed from what stands when somebody looks. */
  readonly #registry = new Registry()
  readonly #process: Registry | undefined
  readonly #counters = new Map<string, Counter>()
  readonly #histograms = new Map<string, Histogram>()
  readonly #linesOf = remember((seen: Seen) => linesOf(samplesOf(seen)))
  readonly #backendLines = remember(backendLines)
  readonly #build: Sample
  readonly #before: Series | undefined
  #state: MetricsState = NOTHING_YET
  #seen: Seen = {}
  #watches: () => readonly Watch[] = () => []

  constructor({ version, process: ofProcess = false, before }: MetricsFacts) {
    this.#before = before === undefined ? undefined : readSeries(before)
    if (this.#before !== undefined) this.#state = stateFrom(this.#before)
    for (const family of FAMILIES) this.#register(family)
    this.#build = { labels: { version, node_version: process.version }, value: 1 }
    this.#process = ofProcess ? processRegistry() : undefined
    if (ofProcess) followLoopDelay((ms) => this.#measure('event_loop_delay_seconds', ms, {}))
  }

  onEvent(event: Event, nowMs: number): void {
    this.#state = afterEvent(this.#state, event, nowMs)
    if (event.type === 'pass-began')
      for (const trigger of new Set(event.reasons.map(triggerOf)))
        this.#count('triggers_total', { trigger })
    if (event.type !== 'pass-ended') return
    this.#count('reconcile_total', { result: RESULTS[event.result] })
    this.#measure('reconcile_duration_seconds', event.tookMs, { stage: 'total' })
  }

  onPass(done: Done, nowMs: number): void {
    for (const kind of newDrift(this.#state, done)) this.#count('drift_detected_total', { kind })
    this.#state = afterPass(this.#state, done, nowMs)
    for (const [stage, ms] of done.stages)
      this.#measure('reconcile_duration_seconds', ms, { stage })
    for (const result of done.checks) this.#count('config_validations_total', { result })
    for (const { command, result, count } of done.commands ?? [])
      this.#count('runtime_commands_total', { command, result }, count)
    if (done.reload !== undefined) this.#onReload(done.reload)
  }

  onSeen(seen: Seen): void {
    const { backends } = seen
    this.#seen = { ...this.#seen, ...seen, ...(backends && { backends: once(backends) }) }
  }

  /** Who tells how the questions to Consul stand at any moment. */
  follow(watches: () => readonly Watch[]): void {
    this.#watches = watches
  }

  onConsulRequest({ endpoint, status, tookMs }: ConsulRequest): void {
    this.#count('consul_requests_total', { endpoint, code: String(status ?? 'none') })
    if (tookMs !== undefined) this.#measure('consul_request_duration_seconds', tookMs, { endpoint })
  }

  onNotification(provider: string, result: 'success' | 'failure' | 'dropped'): void {
    this.#count('notifications_total', { provider, result })
  }

  async text(): Promise<string> {
    const lines = this.#lines()
    const counted = await Promise.all(
      FAMILIES.map(async ({ name, type }) =>
        type === 'gauge' ? undefined : this.#registry.getSingleMetricAsString(name),
      ),
    )
    const parts = FAMILIES.flatMap((family, i) => {
      const own = counted[i]
      if (own !== undefined) return [own, '']
      return [headOf(family), ...(lines[family.name.slice('legate_'.length)] ?? []), '']
    })
    // Put together once: it is nearly a megabyte, and copies of it are what a small heap is collected for.
    const ofProcess = this.#process === undefined ? [] : [await this.#process.metrics()]
    const text = [...parts, ...ofProcess].join('\n')
    return this.#before === undefined ? text : addCounts(text, this.#before)
  }

  #lines(): Lines {
    const watches = this.#watches()
    const backends = this.#seen.backends?.() ?? NO_BACKENDS
    const ofSeen = this.#linesOf(this.#seen)
    const ofBackends = this.#backendLines(backends)
    return {
      ...linesOf({ ...stateSamples(this.#state), build_info: [this.#build] }),
      ...linesOf(watchSamples(watches, this.#before)),
      ...watchLines(watches, backends, this.#before),
      ...ofSeen,
      ...ofBackends,
      guard_active: [...(ofSeen['guard_active'] ?? []), ...(ofBackends['guard_active'] ?? [])],
    }
  }

  #onReload({ proven, reasons, tookMs }: NonNullable<Done['reload']>): void {
    this.#count('reloads_total', { result: proven ? 'success' : 'failure' })
    for (const reason of new Set(reasons)) this.#count('reload_reasons_total', { reason })
    if (tookMs !== undefined) this.#measure('reload_duration_seconds', tookMs, {})
  }

  #count(name: string, labels: Sample['labels'], by = 1): void {
    this.#counters.get(`legate_${name}`)?.inc(labels, by)
  }

  #measure(name: string, ms: number, labels: Sample['labels']): void {
    this.#histograms.get(`legate_${name}`)?.observe(labels, ms / 1000)
  }

  /** What can be counted begins at 0: a counter that appears with its first count looks as if it had not grown. */
  #register({ name, type, help, labels, buckets = [] }: Family): void {
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.#registry] }
    if (type === 'counter') {
      const counter = new Counter(options)
      for (const known of allOf(labels)) counter.inc(known, 0)
      this.#counters.set(name, counter)
    } else if (type === 'histogram') {
      const histogram = new Histogram({ ...options, buckets: [...buckets] })
      for (const known of allOf(labels)) histogram.zero(known)
      this.#histograms.set(name, histogram)
    }
  }
}

/** Every combination of labels, where all of them are known beforehand. */
function allOf(labels: Family['labels']): Sample['labels'][] {
  let all: Sample['labels'][] = [{}]
  for (const [label, values] of Object.entries(labels)) {
    if (typeof values === 'string') return []
    all = all.flatMap((known) => values.map((value) => ({ ...known, [label]: value })))
  }
  return all
}

function once<T>(look: () => T): () => T {
  let found: { readonly value: T } | undefined
  return () => {
    found ??= { value: look() }
    return found.value
  }
}

function triggerOf(reason: string): string {
  return reason.startsWith('Consul ') ? 'consul' : (TRIGGERS[reason] ?? 'other')
}
