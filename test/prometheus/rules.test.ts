/** Alert rules, their unit tests, runbooks and dashboard, by themselves: nothing is started but promtool. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Metrics } from '../../src/report/metrics.ts'
import { ROOT } from '../tools/site.ts'
import { DASHBOARD, DASHBOARD_TEXT, PANELS } from './dashboard.ts'
import { seriesNames, unknownNames } from './names.ts'
import { promtool, RULE_TESTS, RULES, runPromtool, shortened } from './promtool.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<string, string>>
}

const TEXT = readFileSync(RULES, 'utf8')
const { groups } = load(TEXT) as { groups: { rules: Rule[] }[] }
const ALERTS = groups.flatMap(({ rules }) => rules)

/** What HAProxy's exporter calls the series that the dashboard reads; the test with a real one asks for them. */
const OF_HAPROXY = [
  'haproxy_backend_active_servers',
  'haproxy_backend_http_requests_total',
  'haproxy_backend_http_responses_total',
  'haproxy_backend_response_time_average_seconds',
]
const exported = seriesNames(await new Metrics({ version: '1', process: true }).text())
const KNOWN = new Set([...exported, ...OF_HAPROXY])

describe.skipIf(promtool === undefined)('promtool', () => {
  test('finds nothing to say about the rules', async () => {
    const { code, said } = await runPromtool(['check', 'rules', RULES])
    expect(said).toContain(`SUCCESS: ${ALERTS.length} rules found`)
    expect(code).toBe(0)
  })

  test('passes their unit tests, every alert among them', async () => {
    const { code, said } = await runPromtool(['test', 'rules', RULE_TESTS])
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('SUCCESS') })
    const tests = readFileSync(RULE_TESTS, 'utf8')
    for (const { alert } of ALERTS) {
      expect(tests).toMatch(new RegExp(`ALERTS\\{alertname="${alert}",alertstate="pending"`))
      expect(tests).toMatch(new RegExp(`alertname: ${alert}\n +exp_alerts:\n`))
      expect(tests).toMatch(new RegExp(`alertname: ${alert}, exp_alerts: \\[\\] }`))
    }
  })

  test('fails them where an alert waits a minute more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'legate-rules-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const copy = join(folder, 'legate.rules.test.yaml')
    writeFileSync(copy, readFileSync(RULE_TESTS))
    writeFileSync(join(folder, 'legate.rules.yaml'), TEXT.replace('for: 2m', 'for: 3m'))
    expect(await runPromtool(['test', 'rules', copy])).toMatchObject({ code: 1 })
  })

  test('finds nothing to say about the metrics', async () => {
    const text = await new Metrics({ version: '1', process: true }).text()
    expect(await runPromtool(['check', 'metrics'], text)).toEqual({ code: 0, said: '' })
    const wrong =
      '# HELP legate_wrong_total x\n# TYPE legate_wrong_total gauge\nlegate_wrong_total 1\n'
    expect(await runPromtool(['check', 'metrics'], text + wrong)).toMatchObject({ code: 1 })
  })
})

describe('every metric that is named is exported', () => {
  test('in the rules', () => expect(unknownNames(TEXT, KNOWN)).toEqual([]))
  test('in their unit tests', () =>
    expect(unknownNames(readFileSync(RULE_TESTS, 'utf8'), KNOWN)).toEqual([]))
  test('in the dashboard', () => expect(unknownNames(DASHBOARD_TEXT, KNOWN)).toEqual([]))
  test.each(readdirSync(join(ROOT, 'docs/runbooks')))('in runbook %s', (name) => {
    const page = readFileSync(join(ROOT, 'docs/runbooks', name), 'utf8')
    const others = ['haproxy_server_status', 'legate_reconcile_duration_seconds']
    expect(unknownNames(page, new Set([...KNOWN, ...others]))).toEqual([])
  })

  test('else it is seen', () => {
    const expr = TEXT.replace('legate_suspended[1h]', 'legate_suspendet[1h]')
    expect(unknownNames(expr, KNOWN)).toEqual(['legate_suspendet'])
    const panel = DASHBOARD_TEXT.replace('legate_consul_up', 'legate_consul_upp')
    expect(unknownNames(panel, KNOWN)).toEqual(['legate_consul_upp'])
    // A histogram has no series of its own name.
    expect(unknownNames('rate(legate_reload_duration_seconds[5m])', KNOWN)).toHaveLength(1)
  })
})

describe.each(ALERTS)('$alert', ({ alert, labels, annotations, expr }) => {
  test('says what, why and where to read on', () => {
    expect(labels.severity).toMatch(/^(critical|warning|info)$/)
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url'])
    expect(annotations['runbook_url']).toBe(`docs/runbooks/${alert}.md`)
    expect(expr).toMatch(/\b(legate_|up\{job="legate"\})/)
  })

  test('has a runbook with its four parts, none of them empty', () => {
    const page = readFileSync(join(ROOT, `docs/runbooks/${alert}.md`), 'utf8')
    const [title, ...parts] = page.split(/^## /m)
    expect(title?.trim()).toBe(`# ${alert}`)
    const names = parts.map((part) => part.split('\n')[0])
    expect(names).toEqual(['Meaning', 'Impact', 'Diagnosis', 'Mitigation'])
    for (const part of parts) expect(part.split('\n').slice(1).join('').length).toBeGreaterThan(40)
  })
})

test('no runbook is left over', () => {
  const pages = readdirSync(join(ROOT, 'docs/runbooks')).toSorted()
  expect(pages).toEqual(ALERTS.map(({ alert }) => `${alert}.md`).toSorted())
})

test('the dashboard takes its data source and the instances from variables', () => {
  expect(DASHBOARD.templating.list.map(({ name }) => name)).toEqual([
    'datasource',
    'instance',
    'backend',
  ])
  expect(DASHBOARD_TEXT).not.toContain('${DS_')
  for (const { title, datasource, targets = [] } of PANELS) {
    expect(targets.length, title).toBeGreaterThan(0)
    const used = [datasource?.uid, ...targets.map((target) => target.datasource.uid)]
    expect(new Set(used), title).toEqual(new Set(['$datasource']))
    for (const { expr } of targets)
      if (!expr.includes('haproxy_')) expect(expr, title).toContain('instance=~"$instance"')
  }
})

test('shortened rules differ in their times only', () => {
  const text = shortened({ forS: 3, windowS: 10 })
  expect(text.match(/for: 3s$/gm)).toHaveLength(ALERTS.length)
  expect(text).not.toContain('[5m]')
  const without = (rules: string): string =>
    rules.replaceAll(/for: \w+$/gm, '').replaceAll(/\[(5m|10s)\]/g, '')
  expect(without(text)).toBe(without(TEXT))
})
