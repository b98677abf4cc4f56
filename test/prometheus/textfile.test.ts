/** Metrics of single passes, as a file for node_exporter: real HAProxy, no Consul. */
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { plainFrontend, staticBackend } from '../e2e/manifests.ts'
import { haproxy, makeSite, type Site } from '../e2e/rig.ts'
import { seriesOf } from '../report/metrics-text.ts'
import { promtool, runPromtool } from './promtool.ts'

function makeQuiet(): Promise<Site> {
  return makeSite((place) => plainFrontend(place) + staticBackend('app', { one: 9, two: 10 }))
}

describe.skipIf(haproxy === undefined || promtool === undefined)('--metrics-textfile', () => {
  test('is what the pass saw and did; the next pass counts on', async () => {
    const site = await makeQuiet()
    const file = site.path('legate.prom')
    const run = (): ReturnType<Site['legate']> =>
      site.legate('reconcile', '--once', '--metrics-textfile', file)
    const read = (): Map<string, number> => seriesOf(readFileSync(file, 'utf8'))
    const started = Date.now() / 1000

    expect(await run()).toMatchObject({ code: 0 })
    expect(await runPromtool(['check', 'metrics'], readFileSync(file, 'utf8'))).toEqual({
      code: 0,
      said: '',
    })
    expect(statSync(file).mode & 0o777).toBe(0o644)
    const first = read()
    expect(first.get('legate_reconcile_total{result="applied"}')).toBe(1)
    expect(first.get('legate_reload_reasons_total{reason="first-start"}')).toBe(1)
    expect(first.get('legate_config_validations_total{result="valid"}')).toBe(1)
    expect(first.get('legate_backend_servers{backend="default/app",state="healthy"}')).toBe(2)
    expect(first.get('legate_config_last_reload_successful')).toBe(1)
    const success = 'legate_last_successful_reconcile_timestamp_seconds'
    expect(first.get(success)).toBeGreaterThanOrEqual(started)
    expect([...first.keys()].filter((name) => !name.startsWith('legate_'))).toEqual([])

    expect(await run()).toMatchObject({ code: 0 })
    const second = read()
    expect(second.get('legate_reconcile_total{result="applied"}')).toBe(1)
    expect(second.get('legate_reconcile_total{result="noop"}')).toBe(1)
    expect(second.get('legate_reconcile_duration_seconds_count{stage="total"}')).toBe(2)
    expect(second.get(success)).toBeGreaterThan(first.get(success) ?? 0)

    site.edit('manifests/site.yaml', (text) => text.replace('kind: HostRoute', 'kind: Hostroute'))
    expect(await run()).toMatchObject({ code: 3 })
    const third = read()
    expect(third.get('legate_reconcile_total{result="rejected"}')).toBe(1)
    expect(third.get('legate_diagnostics{severity="error",code="LG1090"}')).toBe(1)
    expect(third.get('legate_config_last_reload_successful')).toBe(1)
    expect(third.get(success)).toBe(second.get(success))
  })

  test('a file that cannot be written is told, and exit 1, with the pass applied', async () => {
    const site = await makeQuiet()
    mkdirSync(site.path('taken.prom'))
    const args = ['reconcile', '--once', '--metrics-textfile', site.path('taken.prom')]
    const { code, stderr, stdout } = await site.legate(...args)
    expect(stderr).toContain('taken.prom: it is not a regular file')
    expect(stdout).toContain('started and proven')
    expect(code).toBe(1)
  })

  test('is for a single pass', async () => {
    const site = await makeQuiet()
    for (const more of [[], ['--dry-run']]) {
      const { code, stderr } = await site.legate('reconcile', ...more, '--metrics-textfile', 'm')
      expect(stderr).toContain('--metrics-textfile goes with --once')
      expect(code).toBe(64)
    }
  })
})
