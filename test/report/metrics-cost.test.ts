/** What a scrape costs with 10,000 servers, beside what the client library alone needs to print as many series. */
import { Gauge, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { seenIn } from '../../src/cli/metrics-facts.ts'
import { compile } from '../../src/compile/compile.ts'
import { needsOf } from '../../src/compile/needs.ts'
import { readSchemas } from '../../src/files/schemas.ts'
import { parseManifests } from '../../src/manifest/manifest.ts'
import type { Catalog } from '../../src/model/catalog.ts'
import { queryKey } from '../../src/model/catalog.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { Metrics } from '../../src/report/metrics.ts'
import { aCheck, anInstance, backendYaml, FRONTEND_YAML } from '../builders.ts'
import { seriesOf } from './metrics-text.ts'

const BACKENDS = 1000
const SERVERS = 10
const ROUNDS = 15

const names = Array.from({ length: BACKENDS }, (_, i) => `service-${i}`)
const capacity = ', capacity: { desired: 10, minimum: 5 }'
const texts = [FRONTEND_YAML, ...names.map((name) => backendYaml(name, capacity))]
const { manifests } = parseManifests(
  texts.map((text, i) => ({ path: `${i}.yaml`, text })),
  readSchemas(),
)
const { queries, files: fileNeeds } = needsOf(manifests, { filesRoot: '/' })

/** Instances of `sick` fail their checks. */
function outcomeOf(sick: number): Outcome {
  const catalog: Catalog = new Map(
    queries.map((query) => {
      const status = query.service === `service-${sick}` ? 'critical' : 'passing'
      const instances = Array.from({ length: SERVERS }, (_, n) =>
        anInstance({ id: `${query.service}-${n}`, port: 1000 + n, checks: [aCheck(status)] }),
      )
      return [queryKey(query), { query, answer: { state: 'answered', instances } }]
    }),
  )
  const compiled = compile({
    manifests,
    catalog,
    files: new Map(),
    fileNeeds,
    lastGood: undefined,
    settings: { filesRoot: '/', statsSocket: '/s' },
    atMs: 0,
  })
  return { diagnostics: [], sources: [], manifests, catalog, compiled }
}

async function medianMs(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) {
    const began = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await run()
    times.push(performance.now() - began)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Infinity
}

/** As many series, of as many labels. */
function bare(count: number): Registry {
  const registry = new Registry()
  const options = { name: 'bare', help: 'Bare.', labelNames: ['backend', 'state'] }
  const gauge = new Gauge({ ...options, registers: [registry] })
  for (let i = 0; i < count; i += 1) gauge.set({ backend: `default/service-${i}`, state: 'up' }, i)
  return registry
}

test('a scrape takes less than printing all series does', async () => {
  const metrics = new Metrics({ version: '1' })
  const watches = queries.map((query) => ({
    key: queryKey(query),
    query,
    failures: 0,
    confirming: false,
    lastSuccessMs: 1,
  }))
  metrics.follow(() => watches)
  const pass = (outcome: Outcome): void => {
    const nothing = { stages: new Map(), checks: [], applies: [] }
    metrics.onSeen(seenIn(outcome, { stopped: undefined }, nothing))
  }
  pass(outcomeOf(7))
  const series = seriesOf(await metrics.text())
  const sick = 'legate_backend_servers{backend="default/service-7",state="unhealthy"}'
  expect(series.get(sick)).toBe(SERVERS)
  expect(series.size).toBeGreaterThan(12 * BACKENDS)

  const registry = bare(series.size)
  const alone = await medianMs(() => registry.metrics())
  const unchanged = await medianMs(() => metrics.text())
  const [one, other] = [outcomeOf(1), outcomeOf(2)]
  let isOdd = false
  const changed = await medianMs(() => {
    isOdd = !isOdd
    pass(isOdd ? one : other)
    return metrics.text()
  })
  const told = { series: series.size, alone, unchanged, changed }
  expect(unchanged, JSON.stringify(told)).toBeLessThan(alone)
  expect(changed, JSON.stringify(told)).toBeLessThan(alone)
  if (process.env['LEGATE_TIMES'] !== undefined) process.stderr.write(`${JSON.stringify(told)}\n`)
})
