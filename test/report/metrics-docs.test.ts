/** The table of metrics, the page about them and what is exported say the same. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KINDS } from '../../src/model/resource.ts'
import type { Seen } from '../../src/report/metrics-input.ts'
import { FAMILIES } from '../../src/report/metrics-table.ts'
import { Metrics } from '../../src/report/metrics.ts'
import { metricRows, rowsIn } from '../tools/metrics-docs.ts'
import { ROOT } from '../tools/site.ts'
import { familiesOf, labelsOf, seriesOf } from './metrics-text.ts'

const PAGE = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8')

/** Something of everything. */
const SEEN: Seen = {
  resources: () => ({
    all: KINDS.map((kind) => ({ kind, namespace: 'default', name: 'one' })),
    isProgrammed: true,
  }),
  backends: () => [
    {
      capacity: {
        resource: 'Backend/default/one',
        level: 'Empty',
        available: 0,
        desired: 3,
        minimum: 2,
        held: true,
      },
      servers: { healthy: 0, unhealthy: 1, draining: 1, maintenance: 1, held: 1 },
      watch: 'q',
    },
  ],
  diagnostics: () => [{ severity: 'error', code: 'LG1001' }],
  certificates: () => new Map([['default/one', 1]]),
  config: () => ({ hash: 'aa', revision: 'bb', bytes: 1 }),
  guard: () => 'takeover',
}

async function textOfAll(): Promise<string> {
  const metrics = new Metrics({ version: '1' })
  metrics.onSeen(SEEN)
  metrics.onConsulRequest({ endpoint: 'health', status: 200, tookMs: 1 })
  metrics.onPass(
    { stages: new Map(), checks: [], isTaken: true, reload: { proven: true, reasons: [] } },
    1000,
  )
  metrics.follow(() => [
    { key: 'q', query: { service: 'q' }, failures: 0, confirming: false, lastSuccessMs: 1 },
  ])
  return metrics.text()
}

const TEXT = await textOfAll()

test('docs/metrics.md has a row for every metric, and none besides', () => {
  expect(rowsIn(PAGE)).toEqual(metricRows(FAMILIES))
})

test('the table is what is exported', () => {
  const shown = [...familiesOf(TEXT)].map(([name, { type, help }]) => ({ name, type, help }))
  expect(shown).toEqual(FAMILIES.map(({ name, type, help }) => ({ name, type, help })))
})

describe.each(FAMILIES)('$name', ({ name, type, labels }) => {
  const ends = type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  const series = [...seriesOf(TEXT).keys()].filter((one) =>
    ends.some((end) => one.replace(/\{.*/, '') === `${name}${end}`),
  )

  test('has a series, with the labels that are promised and values from their lists', () => {
    expect(series).not.toEqual([])
    const own = Object.keys(labels)
    for (const one of series) {
      const found = labelsOf(one).filter((label) => label !== 'le')
      expect(found.toSorted(), one).toEqual(own.toSorted())
    }
    for (const [label, values] of Object.entries(labels))
      for (const one of series) {
        const value = new RegExp(`[{,]${label}="([^"]*)"`).exec(one)?.[1] ?? ''
        if (typeof values !== 'string') expect(values, one).toContain(value)
      }
  })
})

test('a Backend has as many series as the page says', async () => {
  const metrics = new Metrics({ version: '1' })
  metrics.onSeen(SEEN)
  const count = (text: string): number =>
    [...seriesOf(text).keys()].filter((one) => one.includes('backend="default/one"')).length
  expect(count(TEXT)).toBe(14)
  metrics.onSeen({ backends: () => [] })
  expect(count(await metrics.text())).toBe(0)
  const rest = seriesOf(await metrics.text()).size
  expect(rest).toBeGreaterThan(200)
  expect(rest).toBeLessThan(400)
})
