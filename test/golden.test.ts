/**
 * Each folder of test/golden is a case: what goes in, and what comes out.
 *
 *   manifests/*.yaml  catalog.json   in: the manifests, what Consul says
 *   files/                           in: referenced files (else they are checked by shape only)
 *   before/*.yaml  before.json       in: what was applied before, for the plan
 *   diagnostics.txt  haproxy.cfg  *.map  plan.txt   out; `npm test -- -u` records them anew
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withStandIns } from '../src/cli/stand-ins.ts'
import { needsOf } from '../src/compile/needs.ts'
import { fileSource } from '../src/consul/snapshot.ts'
import { readManifests } from '../src/files/manifests.ts'
import { readReferences } from '../src/files/references.ts'
import { readSchemas } from '../src/files/schemas.ts'
import { readTemplates } from '../src/files/templates.ts'
import { createWriter } from '../src/files/writer.ts'
import { createHold } from '../src/haproxy/hold.ts'
import type { Bundle } from '../src/model/bundle.ts'
import { plan } from '../src/plan/plan.ts'
import { asIfApplied } from '../src/reconcile/compare.ts'
import type { Outcome } from '../src/reconcile/pass.ts'
import { pass } from '../src/reconcile/pass.ts'
import { locateReasons } from '../src/reconcile/reasons.ts'
import type { World } from '../src/reconcile/world.ts'
import { printCapacities } from '../src/report/capacity.ts'
import { printDiagnostics } from '../src/report/diagnostics.ts'
import { printPlan } from '../src/report/plan.ts'
import { findHaproxy } from './tools/binaries.ts'
import { holdOptionsFor } from './tools/hold-options.ts'

const root = new URL('golden', import.meta.url).pathname
const FILES_ROOT = '/etc/legate'
const schemas = readSchemas()
let haproxy: string | undefined
const scratch = mkdtempSync(join(tmpdir(), 'legate-golden-'))

beforeAll(async () => {
  haproxy = await findHaproxy({ fetch: true })
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function worldOf(folder: string, manifests: string, catalog: string): World {
  const files = join(folder, 'files')
  return {
    schemas,
    layout: { configFile: '/etc/haproxy/haproxy.cfg', mapsDir: '/etc/haproxy/maps' },
    compileSettings: { filesRoot: FILES_ROOT, statsSocket: '/run/haproxy/legate.sock' },
    // Paths as a person in the case's folder would type them.
    readSources: async () => {
      const read = await readManifests([join(folder, manifests)])
      if (!read.ok) return read
      const short = (path: string): string => path.slice(folder.length + 1)
      const sources = read.value.sources.map((s) => ({ ...s, path: short(s.path) }))
      return { ok: true, value: { ...read.value, sources } }
    },
    readTemplates: () => readTemplates('templates', existing(join(folder, 'templates'))),
    catalog: existsSync(join(folder, catalog)) ? fileSource(join(folder, catalog)) : undefined,
    readFiles: async (needs) => {
      if (!existsSync(files)) return new Map()
      const local = (path: string): string => path.replace(FILES_ROOT, files)
      const read = await readReferences(needs.map((n) => ({ ...n, path: local(n.path) })))
      return new Map([...read].map(([path, file]) => [path.replace(files, FILES_ROOT), file]))
    },
    readLastGood: () => Promise.resolve(undefined),
    saveLastGood: () => Promise.resolve({ ok: true, value: undefined }),
    hold: undefined,
    now: () => Date.UTC(2026, 0, 1),
  }
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined
}

function build(folder: string, manifests: string, catalog: string): Promise<Outcome> {
  const intent = { until: 'bundle', allow: { takeover: false }, check: false } as const
  return pass(worldOf(folder, manifests, catalog), intent)
}

function printOutcome(outcome: Outcome): string {
  const sources = new Map(outcome.sources.map((s) => [s.path, s.text]))
  const failure = outcome.failure === undefined ? '' : `failure: ${outcome.failure.message}\n`
  const capacity = printCapacities(outcome.compiled?.capacities ?? [])
  return `${printDiagnostics(outcome.diagnostics, sources, 'human', false)}${failure}${capacity}`
}

async function planText(folder: string, after: Outcome, bundle: Bundle): Promise<string> {
  if (!existsSync(join(folder, 'before'))) {
    const nothing = { config: { state: 'absent' }, files: new Set<string>() } as const
    return printPlan(plan(bundle, { ...nothing, running: { state: 'down' } }))
  }
  const catalog = existsSync(join(folder, 'before.json')) ? 'before.json' : 'catalog.json'
  const before = await build(folder, 'before', catalog)
  if (before.bundle === undefined || after.manifests === undefined) return printOutcome(before)
  const planned = plan(bundle, asIfApplied(before.bundle, bundle))
  return printPlan(locateReasons(planned, after.manifests))
}

/** HAProxy's own word, with the files of the case where it has them and stand-ins elsewhere. */
async function check(bundle: Bundle, outcome: Outcome): Promise<unknown> {
  const hold = createHold(holdOptionsFor(scratch, { binary: haproxy ?? '' }), createWriter())
  const needs = outcome.manifests === undefined ? [] : needsOf(outcome.manifests, FILES_ROOT).files
  return withStandIns(hold, createWriter(), () => needs).check(bundle)
}

const cases = readdirSync(root).toSorted()

test('there are cases', () => {
  expect(cases.length).toBeGreaterThan(5)
})

test.each(cases)('%s', async (name) => {
  const folder = join(root, name)
  const outcome = await build(folder, 'manifests', 'catalog.json')
  await expect(printOutcome(outcome)).toMatchFileSnapshot(join(folder, 'diagnostics.txt'))
  const { bundle } = outcome
  if (bundle === undefined) {
    expect(existsSync(join(folder, 'haproxy.cfg')), 'no config is expected').toBe(false)
    return
  }
  await expect(bundle.config).toMatchFileSnapshot(join(folder, 'haproxy.cfg'))
  for (const file of bundle.files.filter((f) => f.text !== ''))
    // oxlint-disable-next-line no-await-in-loop
    await expect(file.text).toMatchFileSnapshot(join(folder, file.name))
  const maps = new Set(bundle.files.filter((f) => f.text !== '').map((f) => f.name))
  const recorded = readdirSync(folder).filter((f) => f.endsWith('.map'))
  expect(recorded.filter((f) => !maps.has(f))).toEqual([])
  await expect(await planText(folder, outcome, bundle)).toMatchFileSnapshot(
    join(folder, 'plan.txt'),
  )
  if (haproxy !== undefined)
    expect(await check(bundle, outcome)).toMatchObject({ state: 'accepted' })
})
