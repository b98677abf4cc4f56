/** Events and passes in, Prometheus' text out: what counts, what stands, what goes. */
import { describe, expect, test } from 'vitest'
import type { Event, PassResult } from '../../src/model/event.ts'
import type { Watch } from '../../src/model/feed.ts'
import type { BackendSeen, Done } from '../../src/report/metrics-input.ts'
import { linesOf } from '../../src/report/metrics-lines.ts'
import { Metrics } from '../../src/report/metrics.ts'
import { seriesOf } from './metrics-text.ts'

const AT = 1_700_000_000_000

function make(): Metrics {
  return new Metrics({ version: '1.2.3' })
}

async function shown(metrics: Metrics): Promise<Map<string, number>> {
  return seriesOf(await metrics.text())
}

function ended(result: PassResult, tookMs = 20): Event {
  return { type: 'pass-ended', result, tookMs }
}

const NOTHING: Done = { stages: new Map(), checks: [] }

const HEALTHY: BackendSeen = {
  capacity: { resource: 'Backend/default/api', level: 'Healthy', available: 2, held: false },
  servers: { healthy: 2, unhealthy: 0, draining: 0, maintenance: 0, held: 0 },
  watch: 'api',
}

describe('passes', () => {
  test('are counted by result, and every result is there from the start', async () => {
    const metrics = make()
    const at = (result: string): string => `legate_reconcile_total{result="${result}"}`
    const before = await shown(metrics)
    for (const result of ['noop', 'applied', 'rejected', 'held', 'put_off', 'error', 'suspended'])
      expect(before.get(at(result)), result).toBe(0)
    for (const result of ['in-sync', 'in-sync', 'applied', 'failed', 'bug', 'put-off'] as const)
      metrics.onEvent(ended(result), AT)
    const series = await shown(metrics)
    expect(
      [at('noop'), at('applied'), at('error'), at('put_off')].map((s) => series.get(s)),
    ).toEqual([2, 1, 2, 1])
  })

  test('leave their times behind: never is 0, a failure is no success', async () => {
    const metrics = make()
    const last = 'legate_last_reconcile_timestamp_seconds'
    const success = 'legate_last_successful_reconcile_timestamp_seconds'
    const before = await shown(metrics)
    expect([before.get(last), before.get(success)]).toEqual([0, 0])
    metrics.onEvent(ended('in-sync'), AT)
    metrics.onEvent(ended('failed'), AT + 5000)
    const series = await shown(metrics)
    expect([series.get(last), series.get(success)]).toEqual([1_700_000_005, 1_700_000_000])
  })

  test('take time in stages, measured in seconds', async () => {
    const metrics = make()
    metrics.onEvent(ended('applied', 250), AT)
    metrics.onPass({ ...NOTHING, stages: new Map([['consul', 40]]) }, AT)
    const series = await shown(metrics)
    const at = (rest: string): number | undefined =>
      series.get(`legate_reconcile_duration_seconds_${rest}`)
    expect(at('sum{stage="total"}')).toBe(0.25)
    expect(at('sum{stage="consul"}')).toBe(0.04)
    expect(at('count{stage="consul"}')).toBe(1)
    expect(at('count{stage="render"}')).toBe(0)
  })

  test('have triggers, one of a kind a pass', async () => {
    const metrics = make()
    const reasons = [
      'Consul service api',
      'Consul service web',
      'files',
      'SIGHUP',
      'look',
      'resync',
      'moon',
    ]
    metrics.onEvent({ type: 'pass-began', reasons: ['start'] }, AT)
    metrics.onEvent({ type: 'pass-began', reasons: ['haproxy.cfg'] }, AT)
    metrics.onEvent({ type: 'pass-began', reasons }, AT)
    const series = await shown(metrics)
    const counts = ['startup', 'consul', 'files', 'signal', 'interval', 'other', 'drift'].map((t) =>
      series.get(`legate_triggers_total{trigger="${t}"}`),
    )
    expect(counts).toEqual([1, 1, 1, 1, 1, 1, 1])
  })
})

describe('reloads', () => {
  const SUCCESS = 'legate_reloads_total{result="success"}'
  const FAILURE = 'legate_reloads_total{result="failure"}'
  const TAKEN = 'legate_config_last_reload_successful'
  const PROVEN = 'legate_config_last_reload_success_timestamp_seconds'

  test('count by result and by reason; whether HAProxy took the last one stands until the next', async () => {
    const metrics = make()
    const before = await shown(metrics)
    expect([SUCCESS, FAILURE].map((s) => before.get(s))).toEqual([0, 0])
    expect([before.has(TAKEN), before.has(PROVEN)]).toEqual([false, false])
    const reasons = ['servers-changed', 'servers-changed', 'routes-changed']
    const reload = { proven: true, reasons, tookMs: 2000 }
    metrics.onPass({ ...NOTHING, isTaken: true, reload }, AT)
    metrics.onPass(
      { ...NOTHING, isTaken: false, reload: { proven: false, reasons: ['file-edited'] } },
      AT + 9000,
    )
    metrics.onPass(NOTHING, AT + 10_000)
    const series = await shown(metrics)
    expect([SUCCESS, FAILURE, TAKEN, PROVEN].map((s) => series.get(s))).toEqual([
      1, 1, 0, 1_700_000_000,
    ])
    const because = (reason: string): number | undefined =>
      series.get(`legate_reload_reasons_total{reason="${reason}"}`)
    expect(
      ['servers-changed', 'routes-changed', 'file-edited', 'file-missing'].map(because),
    ).toEqual([1, 1, 1, 0])
    expect(series.get('legate_reload_duration_seconds_sum')).toBe(2)
  })

  test('checks of HAProxy and runtime commands count', async () => {
    const metrics = make()
    const commands = [{ command: 'set-weight', result: 'success', count: 3 }] as const
    metrics.onPass({ ...NOTHING, checks: ['valid', 'invalid'], commands }, AT)
    const series = await shown(metrics)
    const check = (result: string): number | undefined =>
      series.get(`legate_config_validations_total{result="${result}"}`)
    expect(['valid', 'warning', 'invalid', 'error'].map(check)).toEqual([1, 0, 1, 0])
    const weight = 'legate_runtime_commands_total{command="set-weight",result="success"}'
    expect(series.get(weight)).toBe(3)
  })
})

describe('drift', () => {
  const kind = '{kind="file"}'
  async function states(metrics: Metrics): Promise<(number | undefined)[]> {
    const series = await shown(metrics)
    const names = ['drift', 'drift_detected_total', 'drift_detected_timestamp_seconds']
    return names.map((name) => series.get(`legate_${name}${kind}`))
  }
  const done = (found: string[], left: string[]): Done => ({ ...NOTHING, drift: { found, left } })

  test('that is put right at once is counted and does not stand', async () => {
    const metrics = make()
    expect(await states(metrics)).toEqual([0, 0, 0])
    metrics.onPass(done(['file'], []), AT)
    expect(await states(metrics)).toEqual([0, 1, 0])
  })

  test('that stays is counted once, has its beginning, and ends', async () => {
    const metrics = make()
    metrics.onPass(done(['file'], ['file']), AT)
    metrics.onPass(done(['file'], ['file']), AT + 60_000)
    expect(await states(metrics)).toEqual([1, 1, 1_700_000_000])
    // A pass that did not come so far as to look says nothing.
    metrics.onPass(NOTHING, AT + 70_000)
    expect(await states(metrics)).toEqual([1, 1, 1_700_000_000])
    metrics.onPass(done([], []), AT + 80_000)
    expect(await states(metrics)).toEqual([0, 1, 0])
  })
})

test('suspended stands from the event that says so to the one that ends it', async () => {
  const metrics = make()
  const states = async (): Promise<unknown> => (await shown(metrics)).get('legate_suspended')
  expect(await states()).toBe(0)
  metrics.onEvent({ type: 'suspended', by: 'a', reason: 'b' }, AT)
  metrics.onEvent(ended('suspended'), AT)
  expect(await states()).toBe(1)
  const result = 'legate_reconcile_total{result="suspended"}'
  expect((await shown(metrics)).get(result)).toBe(1)
  metrics.onEvent({ type: 'resumed' }, AT)
  expect(await states()).toBe(0)
  // A single pass has no events of it.
  metrics.onSeen({ suspended: () => true })
  expect(await states()).toBe(1)
})

describe('what stands after a pass', () => {
  test('is shown, and what is gone is gone', async () => {
    const metrics = make()
    const below: BackendSeen = {
      capacity: {
        ...HEALTHY.capacity,
        resource: 'Backend/shop/web',
        level: 'BelowMinimum',
        available: 1,
        desired: 3,
        minimum: 2,
        held: true,
      },
      servers: { healthy: 1, unhealthy: 1, draining: 0, maintenance: 1, held: 0 },
    }
    metrics.onSeen({
      backends: () => [HEALTHY, below],
      diagnostics: () => [
        { severity: 'warning', code: 'LG5003' },
        { severity: 'warning', code: 'LG5003' },
      ],
      certificates: () => new Map([['default/site', AT]]),
      config: () => ({ hash: 'aaaa', revision: 'bbbb', bytes: 1234 }),
      guard: () => 'server-removal',
      oldWorkers: () => 3,
    })
    const series = await shown(metrics)
    expect(Object.fromEntries([...series].filter(([name]) => name.includes('shop/web')))).toEqual({
      'legate_backend_servers{backend="shop/web",state="healthy"}': 1,
      'legate_backend_servers{backend="shop/web",state="unhealthy"}': 1,
      'legate_backend_servers{backend="shop/web",state="draining"}': 0,
      'legate_backend_servers{backend="shop/web",state="maintenance"}': 1,
      'legate_backend_servers{backend="shop/web",state="held"}': 0,
      'legate_backend_capacity{backend="shop/web",level="available"}': 1,
      'legate_backend_capacity{backend="shop/web",level="desired"}': 3,
      'legate_backend_capacity{backend="shop/web",level="minimum"}': 2,
      'legate_backend_condition{backend="shop/web",condition="Healthy"}': 0,
      'legate_backend_condition{backend="shop/web",condition="BelowDesired"}': 0,
      'legate_backend_condition{backend="shop/web",condition="BelowMinimum"}': 1,
      'legate_backend_condition{backend="shop/web",condition="Empty"}': 0,
      'legate_guard_active{backend="shop/web",guard="servers"}': 1,
    })
    expect(series.get('legate_diagnostics{severity="warning",code="LG5003"}')).toBe(2)
    expect(
      series.get('legate_certificate_not_after_timestamp_seconds{certificate="default/site"}'),
    ).toBe(AT / 1000)
    expect(series.get('legate_config_info{config_hash="aaaa",revision="bbbb"}')).toBe(1)
    expect(series.get('legate_config_size_bytes')).toBe(1234)
    expect(series.get('legate_guard_active{backend="",guard="server-removal"}')).toBe(1)
    expect(series.get('legate_guard_active{backend="",guard="takeover"}')).toBe(0)
    expect(series.get('legate_haproxy_old_workers')).toBe(3)

    metrics.onSeen({
      backends: () => [HEALTHY],
      diagnostics: () => [],
      config: () => ({ hash: 'cccc', revision: 'bbbb', bytes: 1234 }),
      guard: () => undefined,
    })
    const after = await shown(metrics)
    const gone = ['shop/web', 'LG5003', 'aaaa']
    expect([...after.keys()].filter((name) => gone.some((word) => name.includes(word)))).toEqual([])
    expect(after.get('legate_guard_active{backend="",guard="server-removal"}')).toBe(0)
    // The pass said nothing about these.
    expect(after.get('legate_haproxy_old_workers')).toBe(3)
    expect([...after.keys()].filter((name) => name.includes('default/site'))).toHaveLength(1)
  })

  test('conditions of resources are exported up to 500 of them', async () => {
    const metrics = make()
    const all = (count: number): (() => object[]) => {
      const names = Array.from({ length: count }, (_, i) => `r${i}`)
      return () => names.map((name) => ({ kind: 'Backend', namespace: 'default', name }))
    }
    const see = async (count: number, isProgrammed: boolean): Promise<string[]> => {
      const resources = all(count)() as { kind: string; namespace: string; name: string }[]
      metrics.onSeen({ resources: () => ({ all: resources, isProgrammed }) })
      const series = await shown(metrics)
      expect(series.get('legate_resources{kind="Backend"}')).toBe(count)
      return [...series.keys()].filter((name) => name.startsWith('legate_resource_condition'))
    }
    expect(await see(1, false)).toEqual([
      'legate_resource_condition{kind="Backend",namespace="default",name="r0",type="Programmed",status="False"}',
    ])
    expect(await see(500, true)).toHaveLength(500)
    expect(await see(501, true)).toEqual([])
  })

  test('is worked out once, however often somebody looks', async () => {
    const metrics = make()
    let asked = 0
    metrics.onSeen({
      backends: () => {
        asked += 1
        return [HEALTHY]
      },
    })
    await metrics.text()
    await metrics.text()
    expect(asked).toBe(1)
  })
})

describe('Consul', () => {
  const QUERY = { service: 'api' }
  const watch = (change: Partial<Watch>): Watch => ({
    key: 'api',
    query: QUERY,
    failures: 0,
    confirming: false,
    ...change,
  })
  const FAILURE = { reason: 'consul-unreachable', message: 'away', transient: true } as const

  async function states(metrics: Metrics): Promise<(number | undefined)[]> {
    const series = await shown(metrics)
    return [
      series.get('legate_consul_up'),
      series.get('legate_consul_last_contact_timestamp_seconds'),
      series.get('legate_consul_watch_last_success_timestamp_seconds{backend="default/api"}'),
    ]
  }

  test('is up while one question is answered; contact is the newest, the age of a watch its own', async () => {
    const metrics = make()
    let watches: Watch[] = []
    metrics.follow(() => watches)
    metrics.onSeen({ backends: () => [HEALTHY] })
    expect(await states(metrics)).toEqual([undefined, undefined, undefined])
    watches = [watch({})]
    expect(await states(metrics)).toEqual([0, 0, 0])
    watches = [
      watch({ lastSuccessMs: AT, failure: FAILURE }),
      watch({ key: 'b', lastSuccessMs: AT + 1000 }),
    ]
    expect(await states(metrics)).toEqual([1, 1_700_000_001, 1_700_000_000])
    const series = await shown(metrics)
    const count = (state: string): number | undefined =>
      series.get(`legate_consul_watches{state="${state}"}`)
    expect(['answered', 'failing', 'waiting'].map(count)).toEqual([1, 1, 0])
    watches = [watch({ lastSuccessMs: AT, failure: FAILURE })]
    expect(await states(metrics)).toEqual([0, 1_700_000_000, 1_700_000_000])
  })

  test('requests count by endpoint and code; those that wait for a change are not measured', async () => {
    const metrics = make()
    metrics.onConsulRequest({ endpoint: 'health', status: 200, tookMs: 5 })
    metrics.onConsulRequest({ endpoint: 'health', status: 200 })
    metrics.onConsulRequest({ endpoint: 'health' })
    const series = await shown(metrics)
    expect(series.get('legate_consul_requests_total{endpoint="health",code="200"}')).toBe(2)
    expect(series.get('legate_consul_requests_total{endpoint="health",code="none"}')).toBe(1)
    expect(series.get('legate_consul_request_duration_seconds_count{endpoint="health"}')).toBe(1)
  })
})

test('notifications count by provider and result', async () => {
  const metrics = make()
  metrics.onNotification('slack', 'failure')
  const series = await shown(metrics)
  expect(series.get('legate_notifications_total{provider="slack",result="failure"}')).toBe(1)
  expect(series.get('legate_notifications_total{provider="webhook",result="success"}')).toBe(0)
})

test('no value of a label ends its quotes or its line', () => {
  const labels = { a: String.raw`b\c"d` + '\n', e: '' }
  expect(linesOf({ x: [{ labels, value: 0.5 }] })).toEqual({
    x: [String.raw`legate_x{a="b\\c\"d\n",e=""} 0.5`],
  })
})

test('the process itself is shown where asked for, without what has a wrong name', async () => {
  const families = (await new Metrics({ version: '1', process: true }).text()).matchAll(
    /^# TYPE (\S+)/gm,
  )
  const names = [...families].map(([, name = '']) => name)
  expect(names).toContain('process_cpu_seconds_total')
  expect(names.filter((name) => name.startsWith('nodejs_eventloop_lag'))).toEqual([])
  expect(names.filter((name) => /^nodejs_active_.*_total$/.test(name))).toEqual([])
  expect(await make().text()).not.toContain('nodejs_')
})
