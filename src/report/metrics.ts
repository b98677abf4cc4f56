/** Events and what a pass saw → Prometheus' text; names are a public interface. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Capacity, CapacityLevel, Event, PassResult } from '../model/event.ts'
import type { Watch } from '../model/feed.ts'

export interface Seen {
  readonly capacities: readonly Capacity[]
  readonly diagnostics: readonly Diagnostic[]
  readonly oldWorkers: number
  /** Name of the guard that stops everything, if one does. */
  readonly guard?: string
}

const RESULTS: Readonly<Record<PassResult, string>> = {
  'in-sync': 'noop',
  applied: 'applied',
  rejected: 'rejected',
  'held-by-guard': 'held',
  'put-off': 'put_off',
  failed: 'error',
  bug: 'error',
}
const CONDITIONS: readonly CapacityLevel[] = ['Healthy', 'BelowDesired', 'BelowMinimum', 'Empty']

/** A registry of its own: nothing else of the process shows up in it, and nothing of it elsewhere. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #passes = this.#counter('reconcile_total', 'Passes by their result.', ['result'])
  readonly #duration = new Histogram({
    name: 'legate_reconcile_duration_seconds',
    help: 'Time that passes took, settle times included.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [this.#registry],
  })
  readonly #lastPass = this.#gauge('last_reconcile_timestamp_seconds', 'When the last pass ended.')
  readonly #lastSuccess = this.#gauge(
    'last_successful_reconcile_timestamp_seconds',
    'When a pass last ended in sync.',
  )
  readonly #reloads = this.#counter('reloads_total', 'Reloads and starts of HAProxy.', ['result'])
  readonly #lastReloadOk = this.#gauge(
    'config_last_reload_successful',
    'Whether the last reload was proven.',
  )
  readonly #lastReloadOkTime = this.#gauge(
    'config_last_reload_success_timestamp_seconds',
    'When a reload was last proven.',
  )
  readonly #capacity = this.#gauge(
    'backend_capacity',
    'Servers of a Backend: available, desired and minimum.',
    ['backend', 'level'],
  )
  readonly #condition = this.#gauge('backend_condition', '1 for the condition a Backend is in.', [
    'backend',
    'condition',
  ])
  readonly #guard = this.#gauge('guard_active', '1 while a guard holds something back.', [
    'backend',
    'guard',
  ])
  readonly #diagnostics = this.#gauge('diagnostics', 'Diagnostics of the manifests.', [
    'severity',
    'code',
  ])
  readonly #oldWorkers = this.#gauge('haproxy_old_workers', 'Workers that end their connections.')
  readonly #watches = this.#gauge('consul_watches', 'Questions to Consul.', ['state'])
  readonly #watchSuccess = this.#gauge(
    'consul_last_contact_timestamp_seconds',
    'Oldest last good answer of all questions to Consul.',
  )

  constructor(version: string) {
    const labels = { version, node_version: process.version }
    this.#gauge('build_info', 'Always 1; the labels tell the versions.', Object.keys(labels)).set(
      labels,
      1,
    )
    for (const result of new Set(Object.values(RESULTS))) this.#passes.inc({ result }, 0)
    for (const result of ['success', 'failure']) this.#reloads.inc({ result }, 0)
  }

  onEvent(event: Event, nowMs: number): void {
    const now = nowMs / 1000
    if (event.type === 'pass-ended') {
      this.#passes.inc({ result: RESULTS[event.result] })
      this.#duration.observe(event.tookMs / 1000)
      this.#lastPass.set(now)
      if (event.result === 'in-sync' || event.result === 'applied') this.#lastSuccess.set(now)
    }
    if (event.type === 'applied' && event.action !== 'write') this.#onReload(true, now)
    if (event.type === 'failed' && /^(reload|haproxy-down)/.test(event.failure.reason))
      this.#onReload(false, now)
  }

  /** Series of Backends and codes that are gone disappear. */
  onSeen({ capacities, diagnostics, oldWorkers, guard }: Seen): void {
    for (const gauge of [this.#capacity, this.#condition, this.#guard, this.#diagnostics])
      gauge.reset()
    for (const capacity of capacities) this.#onCapacity(capacity)
    for (const { severity, code } of diagnostics) this.#diagnostics.inc({ severity, code })
    if (guard !== undefined) this.#guard.set({ backend: '', guard }, 1)
    this.#oldWorkers.set(oldWorkers)
  }

  onWatches(watches: readonly Watch[]): void {
    const failing = watches.filter((w) => w.failure !== undefined).length
    this.#watches.set({ state: 'failing' }, failing)
    this.#watches.set({ state: 'answered' }, watches.length - failing)
    const oldest = Math.min(...watches.map((w) => w.lastSuccessMs ?? 0))
    if (Number.isFinite(oldest)) this.#watchSuccess.set(oldest / 1000)
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  #onReload(proven: boolean, now: number): void {
    this.#reloads.inc({ result: proven ? 'success' : 'failure' })
    this.#lastReloadOk.set(proven ? 1 : 0)
    if (proven) this.#lastReloadOkTime.set(now)
  }

  #onCapacity({ resource, available, desired, minimum, level, held }: Capacity): void {
    const backend = resource.replace(/^Backend\//, '')
    this.#capacity.set({ backend, level: 'available' }, available)
    if (desired !== undefined) this.#capacity.set({ backend, level: 'desired' }, desired)
    if (minimum !== undefined) this.#capacity.set({ backend, level: 'minimum' }, minimum)
    for (const condition of CONDITIONS)
      this.#condition.set({ backend, condition }, condition === level ? 1 : 0)
    if (held) this.#guard.set({ backend, guard: 'servers' }, 1)
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return new Gauge({ ...this.#options(name, help), labelNames: [...labelNames] })
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ ...this.#options(name, help), labelNames: [...labelNames] })
  }

  #options(name: string, help: string): { name: string; help: string; registers: Registry[] } {
    return { name: `legate_${name}`, help, registers: [this.#registry] }
  }
}
