/**
 * Each folder of test/golden is a case: what goes in, and what comes out.
 *
 *   manifests/*.yaml  catalog.json   in: the manifests, what Consul says
 *   files/                           in: referenced files (else they are checked by shape only)
 *   before/*.yaml  before.json       in: what was applied before, for the plan
 *   diagnostics.txt                  out: what is said about the manifests, and the capacities
 *   haproxy.cfg  *.map  haproxy.txt  out: the configuration, and what HAProxy warns about in it
 *   plan.txt                         out: what would be done
 *
 * A file that would be empty is not there. `npx vitest run … -u` records what comes out anew: read it.
 */
import { RULES } from './plan/rules.ts'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withStandIns } from '../src/cli/stand-ins.ts'
import type { FileNeed } from '../src/compile/needs.ts'
import { fileSource } from '../src/consul/snapshot.ts'
import { readManifests } from '../src/files/manifests.ts'
import { readReferences } from '../src/files/references.ts'
import { readSchemas } from '../src/files/schemas.ts'
import { readTemplates } from '../src/files/templates.ts'
import { createWriter } from '../src/files/writer.ts'
import { createHold } from '../src/haproxy/hold.ts'
import type { Bundle } from '../src/model/bundle.ts'
import type { Diagnostic } from '../src/model/diagnostic.ts'
import type { Hold } from '../src/model/ports.ts'
import { plan } from '../src/plan/plan.ts'
import { checkBundle } from '../src/reconcile/check.ts'
import { asIfApplied } from '../src/reconcile/compare.ts'
import type { Outcome } from '../src/reconcile/outcome.ts'
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
const writer = createWriter()
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
    removalLimits: { share: 50, least: 3 },
    planRules: RULES,
    // Paths as a person in the case's folder would type them.
    readSources: async () => {
      const read = await readManifests([join(folder, manifests)])
      if (!read.ok) return read
      const short = (text: string): string => text.replaceAll(`${folder}/`, '')
      const sources = read.value.sources.map((s) => ({ ...s, path: short(s.path) }))
      const diagnostics = read.value.diagnostics.map(({ at, ...d }) => ({
        ...d,
        message: short(d.message),
        ...(at !== undefined && { at: { ...at, file: short(at.file) } }),
      }))
      return { ok: true, value: { sources, diagnostics } }
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
    breathe: () => Promise.resolve(),
  }
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined
}

function build(folder: string, manifests: string, catalog: string): Promise<Outcome> {
  const intent = { until: 'bundle', check: false } as const
  return pass(worldOf(folder, manifests, catalog), intent)
}

function printOutcome(outcome: Outcome): string {
  const failure = outcome.failure === undefined ? '' : `failure: ${outcome.failure.message}\n`
  const capacity = printCapacities(outcome.compiled?.capacities ?? [])
  return `${printFound(outcome.diagnostics, outcome)}${failure}${capacity}`
}

function printFound(diagnostics: readonly Diagnostic[], { sources }: Outcome): string {
  const texts = new Map(sources.map((s) => [s.path, s.text]))
  return printDiagnostics(diagnostics, texts, 'human', false)
}

type Built = Outcome & Required<Pick<Outcome, 'manifests' | 'needs' | 'bundle'>>

function isBuilt(outcome: Outcome): outcome is Built {
  return outcome.bundle !== undefined
}

async function planText(folder: string, after: Built): Promise<string> {
  if (!existsSync(join(folder, 'before'))) {
    const nothing = { config: { state: 'absent' }, files: new Set<string>() } as const
    return printPlan(plan(after.bundle, { ...nothing, running: { state: 'down' } }, RULES))
  }
  const catalog = existsSync(join(folder, 'before.json')) ? 'before.json' : 'catalog.json'
  const before = await build(folder, 'before', catalog)
  if (!isBuilt(before)) return printOutcome(before)
  const planned = plan(after.bundle, asIfApplied(before.bundle, after.bundle), RULES)
  return printPlan(locateReasons(planned, after.manifests))
}

/** What HAProxy says about the configuration; with the files of the case where it has them, else stand-ins. */
async function haproxyText(folder: string, built: Built, binary: string): Promise<string> {
  const options = holdOptionsFor(join(scratch, 'haproxy'), { binary })
  const hold = withFiles(createHold(options, writer), built.needs.files, join(folder, 'files'))
  const world = worldOf(folder, 'manifests', 'catalog.json')
  const checked = await checkBundle({ ...world, hold }, built)
  expect(checked.failure).toBeUndefined()
  return printFound(
    checked.diagnostics.filter((d) => !built.diagnostics.includes(d)),
    built,
  )
}

function withFiles(hold: Hold, needs: readonly FileNeed[], files: string): Hold {
  const found = existsSync(files) ? hold : withStandIns(hold, writer, () => needs)
  const here = ({ config }: Bundle): string =>
    config
      .replaceAll(`${FILES_ROOT}/`, existsSync(files) ? `${files}/` : `${FILES_ROOT}/`)
      // HAProxy's check looks for these accounts, which come with its package.
      .replaceAll(/^( {4}(?:user|group)) haproxy$/gm, '$1 root')
  return { ...found, check: (bundle) => found.check({ ...bundle, config: here(bundle) }) }
}

async function record(folder: string, name: string, text: string): Promise<void> {
  if (text !== '') await expect(text).toMatchFileSnapshot(join(folder, name))
  else expect(existsSync(join(folder, name)), `${name} should not be there`).toBe(false)
}

const cases = readdirSync(root).toSorted()

test('there are cases', () => {
  expect(cases.length).toBeGreaterThan(30)
})

test.each(cases)('%s', async (name) => {
  const folder = join(root, name)
  const outcome = await build(folder, 'manifests', 'catalog.json')
  await record(folder, 'diagnostics.txt', printOutcome(outcome))
  const built = isBuilt(outcome) ? outcome : undefined
  await record(folder, 'haproxy.cfg', built?.bundle.config ?? '')
  const maps = built?.bundle.files.filter((f) => f.text !== '') ?? []
  // oxlint-disable-next-line no-await-in-loop -- the first difference is the one to show
  for (const map of maps) await record(folder, map.name, map.text)
  const left = readdirSync(folder).filter(
    (f) => f.endsWith('.map') && !maps.some((m) => m.name === f),
  )
  expect(left, 'maps that should not be there').toEqual([])
  await record(folder, 'plan.txt', built === undefined ? '' : await planText(folder, built))
  if (haproxy === undefined) return
  const says = built === undefined ? '' : await haproxyText(folder, built, haproxy)
  expect(says).not.toContain('error[')
  await record(folder, 'haproxy.txt', says)
})

test('production is what docs/production.md shows, and the rest is the example', () => {
  const doc = readFileSync('docs/production.md', 'utf8')
  const blocks = Array.from(doc.matchAll(/^```yaml\n(.*?)^```$/gms), ([, yaml = '']) => yaml)
  const manifests = blocks.filter((yaml) => !yaml.includes('kind: Settings'))
  const read = (path: string): string => readFileSync(path, 'utf8')
  const folder = join(root, 'production', 'manifests')
  const [global, frontends, routes] = ['global', 'frontends', 'routes'].map((name) =>
    read(join(folder, `${name}.yaml`)),
  )
  expect([global, frontends, routes?.slice(0, manifests[2]?.length)]).toEqual(manifests)
  for (const same of ['defaults.yaml', 'stats.yaml'])
    expect(read(join(folder, same))).toBe(read(join('manifests', same)))
})
