/** A world that a test moves by hand: manifests, Consul's answers, memory, HAProxy and time are fields of it. */
import { RULES } from '../plan/rules.ts'
import { readSchemas } from '../../src/files/schemas.ts'
import { readTemplates } from '../../src/files/templates.ts'
import type { Actual } from '../../src/model/actual.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import type { Answer, Catalog } from '../../src/model/catalog.ts'
import { queryKey } from '../../src/model/catalog.ts'
import type { Failure } from '../../src/model/failure.ts'
import { fail, ok } from '../../src/model/failure.ts'
import type { ApplyOutcome, CheckOutcome } from '../../src/model/ports.ts'
import type { SourceFile } from '../../src/model/resource.ts'
import type { LastGood, ReferencedFiles, Templates } from '../../src/model/snapshot.ts'
import { asIfApplied } from '../../src/reconcile/compare.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import type { World } from '../../src/reconcile/world.ts'

const schemas = readSchemas()
const shipped = await readTemplates('templates')
if (!shipped.ok) throw new Error(shipped.failure.message)
const templates: Templates = shipped.value

export interface FakeWorld extends World {
  /** Ports that were used, in order; the test may empty it. */
  readonly calls: string[]
  sources: readonly SourceFile[]
  /** By service; a service without an entry is not registered. */
  answers: Readonly<Record<string, Answer>>
  files: ReferencedFiles
  templates: Templates
  lastGood: LastGood | undefined
  /** What HAProxy is; undefined: as after `applied`, or nothing at all. */
  actual: Actual | undefined
  applied: Bundle | undefined
  check: CheckOutcome
  apply: ApplyOutcome
  nowMs: number
}

const NOTHING: Actual = {
  config: { state: 'absent' },
  files: new Set(),
  running: { state: 'down' },
}

const APPLIED: ApplyOutcome = { state: 'applied', action: 'reload', tookMs: 1 }

/** What is given wins, and may be changed between two passes. */
export function fakeWorld(yaml: string, change: Partial<FakeWorld> = {}): FakeWorld {
  const world: FakeWorld = {
    schemas,
    layout: { configFile: '/etc/haproxy/haproxy.cfg', mapsDir: '/etc/haproxy/maps' },
    compileSettings: { filesRoot: '/etc/legate', statsSocket: '/run/haproxy/legate.sock' },
    removalLimits: { share: 50, least: 3 },
    planRules: RULES,
    calls: [],
    sources: [{ path: 'site.yaml', text: yaml }],
    answers: {},
    files: new Map(),
    templates,
    lastGood: undefined,
    actual: undefined,
    applied: undefined,
    check: { state: 'accepted', messages: [] },
    apply: APPLIED,
    nowMs: 1_000_000,
    readSources: () => Promise.resolve(ok({ sources: world.sources, diagnostics: [] })),
    readTemplates: () => Promise.resolve(ok(world.templates)),
    readFiles: () => called('files', world.files),
    readLastGood: () => Promise.resolve(world.lastGood),
    saveLastGood: (lastGood) => {
      world.lastGood = lastGood
      return called('save', ok(undefined))
    },
    now: () => world.nowMs,
    breathe: () => Promise.resolve(),
    catalog: {
      name: 'fake',
      read: (queries) => {
        const empty: Answer = { state: 'answered', instances: [] }
        const catalog: Catalog = new Map(
          queries.map((query) => {
            const answer = world.answers[query.service] ?? empty
            return [queryKey(query), { query, answer }]
          }),
        )
        return called('consul', catalog)
      },
      close: () => Promise.resolve(),
    },
    hold: {
      mode: 'supervise',
      observe: (desired) => {
        const { applied } = world
        const there = applied === undefined ? NOTHING : asIfApplied(applied, desired)
        return called('observe', world.actual ?? there)
      },
      sessions: () => called('sessions', new Map()),
      check: () => called('check', world.check),
      apply: (bundle) => {
        if (world.apply.state === 'applied') world.applied = bundle
        return called('apply', world.apply)
      },
    },
    ...change,
  }
  const called = <T>(name: string, value: T): Promise<T> => {
    world.calls.push(name)
    return Promise.resolve(value)
  }
  return world
}

export const REFUSED: Failure = {
  reason: 'consul-unreachable',
  message: 'connection refused',
  hint: 'is Consul running?',
  transient: true,
}

export const FAILED: Answer = { state: 'failed', failure: REFUSED }

export function notRun(failure: Failure): CheckOutcome {
  const result = fail<never>(failure)
  if (result.ok) throw new Error('a failure is none')
  return { state: 'not-run', result }
}

/** Lines `server …` of a backend in the outcome's configuration, without indentation. */
export function serversOf(outcome: Outcome, backend: string): string[] {
  const section = outcome.bundle?.sections.find((s) => s.header === `backend ${backend}`)
  if (section === undefined) throw new Error(`no backend ${backend}`)
  const lines = section.text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line.startsWith('server '))
}
