/** What a pass saw and did → what metrics count and show of it. */
import { describe, expect, test } from 'vitest'
import { doneBy, seenIn } from '../../src/cli/metrics-facts.ts'
import type { Witnessed } from '../../src/cli/witness.ts'
import { compile } from '../../src/compile/compile.ts'
import type { CompileInputs } from '../../src/compile/compile.ts'
import { backendQuery, needsOf } from '../../src/compile/needs.ts'
import type { Actual, TargetFile } from '../../src/model/actual.ts'
import type { Answer, Catalog, Instance } from '../../src/model/catalog.ts'
import { queryKey } from '../../src/model/catalog.ts'
import type { Drift } from '../../src/model/drift.ts'
import type { Failure } from '../../src/model/failure.ts'
import type { Plan, ReasonCode } from '../../src/model/plan.ts'
import type { ApplyOutcome, CheckOutcome } from '../../src/model/ports.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { backendYaml, aCheck, anInstance, FRONTEND_YAML, manifestsOf } from '../builders.ts'

const NOTHING: Witnessed = { stages: new Map(), checks: [], applies: [] }
const OUTCOME: Outcome = { diagnostics: [], sources: [] }
const PROCESS = {
  version: '2.6.12',
  masterPid: 1,
  reloads: 0,
  failedReloads: 0,
  worker: { pid: 2, reloads: 0, uptimeSeconds: 1 },
  oldWorkers: [],
  structure: 'aa',
  live: { servers: new Map(), maps: new Map(), certificates: new Map() },
}

function anActual(config: TargetFile['state'] = 'ours', live: object = PROCESS.live): Actual {
  const process = { ...PROCESS, live } as typeof PROCESS
  const file = { state: config, text: '' } as TargetFile
  return { config: file, files: new Set(), running: { state: 'running', process } }
}

function reload(...codes: ReasonCode[]): Plan {
  return { action: 'reload', reasons: codes.map((code) => ({ code, message: code })) }
}

const APPLIED: ApplyOutcome = { state: 'applied', action: 'reload', tookMs: 7 }

function failedWith(reason: Failure['reason']): Pick<Outcome, 'applied' | 'failure'> {
  const failure = { reason, message: reason, transient: true }
  return { failure, applied: { state: 'failed', result: { ok: false, failure }, rolledBack: true } }
}

describe('a reload', () => {
  test('that was proven has its reasons and its time', () => {
    const outcome = { ...OUTCOME, plan: reload('servers-changed'), applied: APPLIED }
    const { reload: done, isTaken } = doneBy(outcome, NOTHING)
    expect(done).toEqual({ proven: true, reasons: ['servers-changed'], tookMs: 7 })
    expect(isTaken).toBe(true)
  })

  test.each([
    ['reload-failed', true],
    ['reload-unproven', true],
    ['timeout', true],
    ['haproxy-rejected', false],
    ['write-failed', false],
    ['interrupted', false],
  ] as const)('that ended in %s counts as a failed one: %s', (reason, counts) => {
    const outcome = { ...OUTCOME, plan: reload('file-edited'), ...failedWith(reason) }
    const expected = counts ? { proven: false, reasons: ['file-edited'] } : undefined
    expect(doneBy(outcome, NOTHING).reload).toEqual(expected)
  })

  test('is none where files were written only, or nothing was applied', () => {
    const written = { ...APPLIED, action: 'written-only' } as const
    expect(doneBy({ ...OUTCOME, plan: reload(), applied: written }, NOTHING).reload).toBeUndefined()
    expect(doneBy({ ...OUTCOME, plan: reload() }, NOTHING).reload).toBeUndefined()
    const write: Plan = { action: 'write', reasons: [] }
    expect(doneBy({ ...OUTCOME, plan: write, applied: APPLIED }, NOTHING).reload).toBeUndefined()
  })
})

test('runtime commands count by what they do, each apply of the pass; a refused one as a failure', () => {
  const map = { kind: 'set-map', map: 'm', path: '/m', text: '' } as const
  const drain = { kind: 'drain-server', backend: 'api', server: 'one' } as const
  const removal = { ...drain, kind: 'delete-server', isForced: false } as const
  const failure = { reason: 'runtime-refused', message: 'no', transient: false } as const
  const result = { ok: false, failure } as const
  const plan: Plan = { action: 'runtime', reasons: [], changes: [map, drain, removal] }
  const applies: Witnessed['applies'] = [
    { plan, applied: { state: 'applied', action: 'runtime', tookMs: 3, ran: [map, map] } },
    { plan: { action: 'write', reasons: [] }, applied: { ...APPLIED, action: 'write' } },
    { plan, applied: { state: 'failed', result, rolledBack: false, ran: [map] } },
  ]
  const { commands = [] } = doneBy(OUTCOME, { ...NOTHING, applies })
  expect(commands.map((c) => `${c.command} ${c.result} ${c.count}`)).toEqual([
    'set-map success 1',
    'set-map success 1',
    'set-map success 1',
    'drain-server failure 1',
  ])
})

describe('whether HAProxy took the last configuration', () => {
  const inSync: Outcome = { ...OUTCOME, plan: { action: 'in-sync' }, actual: anActual() }
  const rejected = { code: 'LG7001', severity: 'error', message: 'no' } as const
  const mistake = { code: 'LG1001', severity: 'error', message: 'no' } as const
  test.each<[string, Outcome, boolean | undefined]>([
    ['in sync', inSync, true],
    ['rejected by HAProxy', { ...OUTCOME, diagnostics: [rejected] }, false],
    ['a mistake in the manifests', { ...OUTCOME, diagnostics: [mistake] }, undefined],
    ['not proven', { ...OUTCOME, ...failedWith('reload-unproven') }, false],
    ['Consul away', { ...OUTCOME, ...failedWith('consul-unreachable') }, undefined],
    [
      'in sync with the last good revision',
      { ...inSync, held: { name: 'x', diagnostics: [rejected] } },
      undefined,
    ],
    ['nothing to hold', { ...OUTCOME, plan: { action: 'in-sync' } }, undefined],
  ])('%s', (_, outcome, expected) => {
    expect(doneBy(outcome, NOTHING).isTaken).toBe(expected)
  })
})

describe('drift', () => {
  const file: Drift = { kind: 'file', object: 'haproxy.cfg', message: '', policy: 'Revert' }
  const weights = { ...file, kind: 'weights', object: 'api/one' } as const
  const admin = { ...file, kind: 'admin', policy: 'Adopt' } as const
  const drift = [file, weights, { ...weights, object: 'api/two' }, admin]

  test('stands until what was applied reverts it; what is adopted stays', () => {
    const found = ['file', 'weights', 'admin']
    expect(doneBy({ ...OUTCOME, drift }, NOTHING).drift).toEqual({ found, left: found })
    const applied = { ...OUTCOME, drift, applied: APPLIED }
    expect(doneBy(applied, NOTHING).drift).toEqual({ found, left: ['admin'] })
    const failed = { ...OUTCOME, drift, ...failedWith('reload-failed') }
    expect(doneBy(failed, NOTHING).drift).toEqual({ found, left: found })
    expect(doneBy({ ...OUTCOME, drift: [] }, NOTHING).drift).toEqual({ found: [], left: [] })
  })

  test('is unknown where nobody looked', () => {
    expect(doneBy(OUTCOME, NOTHING).drift).toBeUndefined()
  })
})

test('checks are told apart', () => {
  const message = { severity: 'warning', text: 'odd' } as const
  const failure = { reason: 'timeout', message: 'slow', transient: true } as const
  const checks: CheckOutcome[] = [
    { state: 'accepted', messages: [] },
    { state: 'accepted', messages: [message] },
    { state: 'rejected', messages: [message] },
    { state: 'not-run', result: { ok: false, failure } },
  ]
  expect(doneBy(OUTCOME, { ...NOTHING, checks }).checks).toEqual([
    'valid',
    'warning',
    'invalid',
    'error',
  ])
})

describe('servers by state', () => {
  const manifests = manifestsOf(`${FRONTEND_YAML}${backendYaml('api')}`)
  const [backend] = manifests.Backend
  const query = backend && backendQuery(backend)
  if (query === undefined) throw new Error('no question')

  /** `id: status` */
  function instances(statuses: Readonly<Record<string, 'passing' | 'critical' | 'maintenance'>>) {
    return Object.entries(statuses).map(([id, status], i): Instance =>
      anInstance({ id, port: 8000 + i, checks: [aCheck(status)] }),
    )
  }

  function catalogOf(answer: Answer): Catalog {
    if (query === undefined) throw new Error('no question')
    return new Map([[queryKey(query), { query, answer }]])
  }

  const answered = (all: readonly Instance[]): Answer => ({ state: 'answered', instances: all })

  function outcomeOf(answer: Answer, change: Partial<CompileInputs> = {}): Outcome {
    const catalog = catalogOf(answer)
    const compiled = compile({
      manifests,
      catalog,
      files: new Map(),
      fileNeeds: needsOf(manifests, { filesRoot: '/' }).files,
      lastGood: undefined,
      settings: { filesRoot: '/', statsSocket: '/s' },
      atMs: 1000,
      ...change,
    })
    return { ...OUTCOME, manifests, catalog, compiled }
  }

  function statesOf(outcome: Outcome): object | undefined {
    return seenIn(outcome, { stopped: undefined }, NOTHING).backends?.()[0]?.servers
  }

  const NONE = { healthy: 0, unhealthy: 0, draining: 0, maintenance: 0, held: 0 }
  const LAST = instances({ a: 'passing', b: 'passing', c: 'passing', d: 'passing' })
  const lastGood = (): CompileInputs['lastGood'] => ({
    revision: 'r',
    sources: [],
    catalog: catalogOf(answered(LAST)),
    emptySinceMs: new Map(),
  })

  test('are as Consul says', () => {
    const all = instances({ a: 'passing', b: 'critical', c: 'maintenance', d: 'passing' })
    const states = { ...NONE, healthy: 2, unhealthy: 1, maintenance: 1 }
    expect(statesOf(outcomeOf(answered(all)))).toEqual(states)
  })

  test('are held while Consul gives no answer, or an empty one', () => {
    const failure = { reason: 'consul-unreachable', message: 'away', transient: true } as const
    const change = { lastGood: lastGood() }
    expect(statesOf(outcomeOf({ state: 'failed', failure }, change))).toEqual({ ...NONE, held: 4 })
    expect(statesOf(outcomeOf(answered([]), change))).toEqual({ ...NONE, held: 4 })
    expect(statesOf(outcomeOf({ state: 'failed', failure }))).toEqual(NONE)
  })

  test('are held where most left at once; those that Consul still names are healthy', () => {
    const guard = { share: 50, least: 3, holdMs: 30_000 }
    const outcome = outcomeOf(answered(LAST.slice(0, 1)), { lastGood: lastGood(), guard })
    expect(statesOf(outcome)).toEqual({ ...NONE, healthy: 1, held: 3 })
  })

  test('are what HAProxy says, where it takes one out; servers that leave are seen there only', () => {
    const outcome = outcomeOf(answered(LAST))
    const [one, two, three] = outcome.compiled?.applied.get('Backend/default/api')?.servers ?? []
    const server = { admin: 'ready', check: 'passed' }
    const servers = [
      { ...one, ...server, admin: 'maintenance' },
      { ...two, ...server, check: 'failed' },
      { ...three, ...server },
      { ...server, name: 'leaves', admin: 'drain' },
      { ...server, name: 'unknown', check: 'failed' },
    ]
    const live = { ...PROCESS.live, servers: new Map([['api', servers]]) }
    const states = { healthy: 2, unhealthy: 1, draining: 1, maintenance: 1, held: 0 }
    expect(statesOf({ ...outcome, actual: anActual('ours', live) })).toEqual(states)
  })
})

describe('what a pass says nothing about', () => {
  test('is absent, so that what was known stands', () => {
    const seen = seenIn(OUTCOME, { stopped: undefined }, NOTHING)
    const absent = ['backends', 'certificates', 'config', 'oldWorkers', 'resources']
    expect(absent.filter((part) => Object.hasOwn(seen, part))).toEqual([])
    expect(seen.diagnostics?.()).toEqual([])
  })

  test('the configuration of a refused pass is not in force', () => {
    const manifests = { ...manifestsOf(FRONTEND_YAML), revision: 'f'.repeat(64) }
    const bundle = { config: `# x\n# legate sha256=${'ab'.repeat(32)}\nglobal\n` }
    const outcome = { ...OUTCOME, manifests, bundle, plan: { action: 'in-sync' } } as Outcome
    const config = (o: Outcome): unknown => seenIn(o, { stopped: undefined }, NOTHING).config?.()
    expect(config(outcome)).toEqual({ hash: 'ab'.repeat(6), revision: 'f'.repeat(12), bytes: 92 })
    expect(config({ ...outcome, deferred: true })).toBeUndefined()
  })
})

test('certificates have their end; files that were not found have none', () => {
  const text = `${FRONTEND_YAML}
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: site }
spec: { file: site.pem }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: lost }
spec: { file: lost.pem }
`
  const { files: needs } = needsOf(manifestsOf(text), { filesRoot: '/certs' })
  const certificate = { fingerprintSha1: '', notAfterMs: 5000, names: [], hasKey: true }
  const found = new Map([
    ['/certs/site.pem', { state: 'present', sha256: '', certificate }],
    ['/certs/lost.pem', { state: 'unreadable', why: 'gone' }],
  ] as const)
  const seen = seenIn(OUTCOME, { stopped: undefined }, { ...NOTHING, files: { needs, found } })
  expect(seen.certificates?.()).toEqual(new Map([['default/site', 5000]]))
})
