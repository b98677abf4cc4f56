/** A text that an earlier process left, and the metrics that go on from it. */
import { describe, expect, test } from 'vitest'
import type { Watch } from '../../src/model/feed.ts'
import type { Done } from '../../src/report/metrics-input.ts'
import { Metrics } from '../../src/report/metrics.ts'
import { familiesOf, seriesOf } from './metrics-text.ts'

const AT = 1_700_000_000_000
const NOTHING: Done = { stages: new Map(), checks: [] }

function pass(metrics: Metrics, result: 'in-sync' | 'failed', atMs: number): void {
  metrics.onEvent({ type: 'pass-began', reasons: ['start'] }, atMs)
  metrics.onEvent({ type: 'pass-ended', result, tookMs: 200 }, atMs)
}

async function after(before: string, run: (metrics: Metrics) => void): Promise<string> {
  const metrics = new Metrics({ version: '1', before })
  run(metrics)
  return metrics.text()
}

describe('a second process', () => {
  test('counts on, measures on, and shows what stands as it is now', async () => {
    const first = await after('', (metrics) => {
      pass(metrics, 'in-sync', AT)
      metrics.onConsulRequest({ endpoint: 'health', status: 500 })
      metrics.onSeen({ diagnostics: () => [{ severity: 'error', code: 'LG1001' }] })
    })
    const second = await after(first, (metrics) => {
      pass(metrics, 'failed', AT + 60_000)
      metrics.onConsulRequest({ endpoint: 'health', status: 200 })
    })
    const series = seriesOf(second)
    const at = (name: string): number | undefined => series.get(`legate_${name}`)
    expect(at('reconcile_total{result="noop"}')).toBe(1)
    expect(at('reconcile_total{result="error"}')).toBe(1)
    expect(at('triggers_total{trigger="startup"}')).toBe(2)
    expect(at('reconcile_duration_seconds_sum{stage="total"}')).toBe(0.4)
    expect(at('reconcile_duration_seconds_bucket{le="0.3",stage="total"}')).toBe(2)
    expect(at('reconcile_duration_seconds_count{stage="total"}')).toBe(2)
    expect(at('consul_requests_total{endpoint="health",code="500"}')).toBe(1)
    expect(at('consul_requests_total{endpoint="health",code="200"}')).toBe(1)
    expect(at('last_reconcile_timestamp_seconds')).toBe(1_700_000_060)
    expect(at('last_successful_reconcile_timestamp_seconds')).toBe(1_700_000_000)
    expect(second).not.toContain('LG1001')
    const lines = second.split('\n').filter((line) => line !== '')
    expect(lines.length).toBe(new Set(lines.map((line) => line.replace(/ \S+$/, ''))).size)
    expect(familiesOf(second)).toEqual(familiesOf(first))
  })

  test('knows when a reload was proven, since when there is drift, and when Consul last answered', async () => {
    const watch: Watch = { key: 'q', query: { service: 'api' }, failures: 0, confirming: false }
    const backends = () => [
      {
        capacity: { resource: 'Backend/a/b', level: 'Empty', available: 0, held: false },
        servers: { healthy: 0, unhealthy: 0, draining: 0, maintenance: 0, held: 0 },
        watch: 'q',
      } as const,
    ]
    const drift = { found: ['file'], left: ['file'] }
    const first = await after('', (metrics) => {
      const reload = { proven: true, reasons: ['first-start'] }
      metrics.onPass({ ...NOTHING, isTaken: true, reload, drift }, AT)
      metrics.onSeen({ backends })
      metrics.follow(() => [{ ...watch, lastSuccessMs: AT }])
    })
    const second = await after(first, (metrics) => {
      metrics.onPass({ ...NOTHING, drift }, AT + 60_000)
      metrics.onSeen({ backends })
      const failure = { reason: 'timeout', message: '', transient: true } as const
      metrics.follow(() => [{ ...watch, failure }])
    })
    const series = seriesOf(second)
    const names = [
      'config_last_reload_successful',
      'config_last_reload_success_timestamp_seconds',
      'drift{kind="file"}',
      'drift_detected_total{kind="file"}',
      'drift_detected_timestamp_seconds{kind="file"}',
      'consul_last_contact_timestamp_seconds',
      'consul_watch_last_success_timestamp_seconds{backend="a/b"}',
    ]
    const at = AT / 1000
    expect(names.map((name) => series.get(`legate_${name}`))).toEqual([1, at, 1, 1, at, at, at])
  })

  test.each([
    '',
    'nothing of ours\n',
    'legate_reconcile_total{result="noop"} many\n',
    'legate_reconcile_total{result="noop"} 1e999\n',
    'legate_reconcile_total{result="noop"} 1.2.3\n',
    '\0\0',
  ])('begins anew where the file is damaged: %j', async (before) => {
    const text = await after(before, (metrics) => pass(metrics, 'in-sync', AT))
    expect(seriesOf(text).get('legate_reconcile_total{result="noop"}')).toBe(1)
    const series = [...seriesOf(text)]
    expect(
      series.filter(([name, value]) => !name.startsWith('legate_') || Number.isNaN(value)),
    ).toEqual([])
  })
})
