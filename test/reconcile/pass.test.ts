/** What a pass does in which order, and where it stops. */
import { describe, expect, test } from 'vitest'
import type { Intent } from '../../src/reconcile/outcome.ts'
import { pass } from '../../src/reconcile/pass.ts'
import { anInstance, backendYaml, FRONTEND_YAML, routeYaml } from '../builders.ts'
import { fakeWorld, FAILED, notRun, REFUSED, serversOf } from './fake-world.ts'

const APPLY: Intent = { until: 'applied' }
const SITE = `${FRONTEND_YAML}${routeYaml('api', [], '[{ backendRefs: [{ name: api }] }]')}${backendYaml('api')}`
const TWO = `${FRONTEND_YAML}${routeYaml('api', [], '[{ backendRefs: [{ name: api }, { name: web }] }]')}${backendYaml('api')}${backendYaml('web')}`
const one = { state: 'answered', instances: [anInstance()] } as const

test('the first pass starts HAProxy, the second finds it in sync and does nothing', async () => {
  const world = fakeWorld(SITE, { answers: { api: one } })
  const first = await pass(world, APPLY)
  expect(first.failure).toBeUndefined()
  expect(first.plan?.action).toBe('start')
  expect(world.calls).toEqual(['consul', 'files', 'observe', 'check', 'apply', 'save'])
  world.calls.length = 0
  const second = await pass(world, APPLY)
  expect(second.plan).toEqual({ action: 'in-sync' })
  expect(world.calls).toEqual(['consul', 'files', 'observe', 'save'])
})

/** As the daemon does it; Consul's memory is the fake's. */
const DAEMON: Intent = {
  until: 'applied',
  daemon: {
    refused: new Map(),
    departures: { share: 50, least: 3, holdMs: 30_000 },
    mayReload: true,
  },
}

test.each([
  ['that nobody has answered for', { api: FAILED, web: FAILED }],
  ['that ask the same', { api: one, web: one }],
])(
  'Backends %s are the same in the next pass, and nothing is rendered again',
  async (_, answers) => {
    const world = fakeWorld(TWO.replace('service: web', 'service: api'), { answers })
    await pass(world, DAEMON)
    const second = await pass(world, DAEMON)
    const third = await pass(world, DAEMON)
    expect(third.bundle).toBeDefined()
    expect(third.compiled?.topology).toBe(second.compiled?.topology)
    expect(third.bundle).toBe(second.bundle)
  },
)

test.each([
  ['manifests', []],
  ['catalog', ['consul', 'files']],
  ['topology', ['consul', 'files']],
  ['bundle', ['consul', 'files']],
  ['plan', ['consul', 'files', 'observe']],
] as const)('until %s nothing more is touched', async (until, calls) => {
  const world = fakeWorld(SITE, { answers: { api: one } })
  await pass(world, { until })
  expect(world.calls).toEqual(calls)
})

test.each(['bundle', 'plan'] as const)(
  'until %s HAProxy may be asked all the same',
  async (until) => {
    const world = fakeWorld(SITE, { answers: { api: one } })
    await pass(world, { until, check: true })
    expect(world.calls.at(-1)).toBe('check')
  },
)

describe('mistakes', () => {
  test('in manifests stop the pass before Consul is asked', async () => {
    const world = fakeWorld(SITE.replace('port: 8080', 'prot: 8080'))
    const { diagnostics, failure } = await pass(world, APPLY)
    expect(diagnostics.map((d) => d.code)).toEqual(['LG1002'])
    expect(failure).toBeUndefined()
    expect(world.calls).toEqual([])
  })

  test('in files stop it before templates and HAProxy', async () => {
    const tls =
      'listeners: [{ name: tls, port: 8443, protocol: HTTPS, tls: { certificateRefs: [{ name: c }] } }]'
    const yaml = `${SITE.replace(/listeners: .*\]/, tls)}
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: c }
spec: { file: c.pem }
`
    const world = fakeWorld(yaml, { answers: { api: one } })
    world.files = new Map([
      ['/etc/legate/c.pem', { state: 'unreadable', why: 'it does not exist' }],
    ])
    const { diagnostics, bundle } = await pass(world, APPLY)
    expect(diagnostics).toMatchObject([{ code: 'LG2005', at: { file: 'site.yaml' } }])
    expect(bundle).toBeUndefined()
    expect(world.calls).toEqual(['consul', 'files'])
  })

  test('in templates stop it before HAProxy is looked at', async () => {
    const world = fakeWorld(SITE, { answers: { api: one } })
    world.templates = new Map([...world.templates, ['backend.cfg.njk', 'backend {{ nobody }}\n']])
    const { diagnostics } = await pass(world, APPLY)
    expect(diagnostics).toMatchObject([{ code: 'LG6001' }])
    expect(world.calls).not.toContain('observe')
  })
})

describe('Consul', () => {
  test('a question that failed with nothing remembered: nothing is done', async () => {
    const world = fakeWorld(TWO, { answers: { api: one, web: FAILED } })
    const { failure, bundle } = await pass(world, APPLY)
    expect(failure).toEqual({
      reason: 'consul-unreachable',
      message: 'Backend/default/web: connection refused',
      hint: 'nothing was written, and no earlier answer is remembered; is Consul running?',
      transient: true,
    })
    expect(bundle).toBeUndefined()
    expect(world.calls).toEqual(['consul', 'files'])
    expect(world.lastGood).toBeUndefined()
  })

  test('several of them are counted', async () => {
    const world = fakeWorld(TWO, { answers: { api: FAILED, web: FAILED } })
    const { failure } = await pass(world, APPLY)
    expect(failure?.message).toBe('Backend/default/api and 1 more: connection refused')
  })

  test('the daemon goes on without the Backend, and says so', async () => {
    const world = fakeWorld(TWO, { answers: { api: one, web: FAILED } })
    const outcome = await pass(world, DAEMON)
    expect(outcome.diagnostics).toMatchObject([{ code: 'LG5007', severity: 'warning' }])
    expect(outcome.failure).toBeUndefined()
    expect(serversOf(outcome, 'api')).toHaveLength(1)
    expect(serversOf(outcome, 'web')).toEqual([])
    expect(outcome.applied?.state).toBe('applied')
    // What was never answered is not remembered as empty.
    world.answers = { api: one, web: FAILED }
    expect((await pass(world, APPLY)).failure?.message).toContain('Backend/default/web')
  })

  test('a question that failed: the last answer stands, the others are new', async () => {
    const world = fakeWorld(TWO, { answers: { api: one, web: one } })
    await pass(world, APPLY)
    const moved = anInstance({ id: 'api-2', address: '10.0.0.2' })
    world.answers = { api: { state: 'answered', instances: [moved] }, web: FAILED }
    const outcome = await pass(world, APPLY)
    expect(outcome.failure).toBeUndefined()
    expect(serversOf(outcome, 'api').join()).toContain('10.0.0.2:8080')
    expect(serversOf(outcome, 'web').join()).toContain('10.0.0.1:8080')
    expect(outcome.diagnostics.map((d) => d.code)).toEqual(['LG5005'])
    expect(outcome.compiled?.capacities).toMatchObject([
      { resource: 'Backend/default/api', held: false },
      { resource: 'Backend/default/web', held: true, available: 1 },
    ])
    // The next failure finds the answer still remembered.
    world.answers = { api: FAILED, web: FAILED }
    const third = await pass(world, APPLY)
    expect(third.plan).toEqual({ action: 'in-sync' })
  })
})

describe('HAProxy', () => {
  test('its warning is shown at the manifest, and does not stop the pass', async () => {
    const world = fakeWorld(SITE, { answers: { api: one } })
    const line = await lineOf(world, 'balance roundrobin')
    const messages = [{ severity: 'warning', line, text: 'is odd' } as const]
    world.check = { state: 'accepted', messages }
    const { diagnostics, applied } = await pass(world, APPLY)
    expect(diagnostics).toMatchObject([
      {
        code: 'LG7002',
        severity: 'warning',
        message: 'HAProxy says: is odd',
        pointer: '/spec/balance',
      },
    ])
    expect(diagnostics[0]?.at?.file).toBe('site.yaml')
    expect(applied?.state).toBe('applied')
  })

  test('its refusal is shown at the manifest, and nothing is applied or remembered', async () => {
    const world = fakeWorld(SITE, { answers: { api: one } })
    const line = await lineOf(world, 'bind ')
    const messages = [
      { severity: 'error', line, text: 'no' } as const,
      { severity: 'error', text: 'fatal' } as const,
    ]
    world.check = { state: 'rejected', messages }
    const { diagnostics, applied } = await pass(world, APPLY)
    expect(diagnostics).toMatchObject([
      { code: 'LG7001', message: 'HAProxy says: fatal' },
      { code: 'LG7001', message: 'HAProxy says: no', pointer: '/spec/listeners' },
    ])
    expect(applied).toBeUndefined()
    expect(world.calls).toEqual(['consul', 'files', 'observe', 'check'])
    expect(world.lastGood).toBeUndefined()
  })

  test('a check that cannot run is a failure, and nothing is applied', async () => {
    const failure = { reason: 'haproxy-missing', message: 'no haproxy', transient: false } as const
    const world = fakeWorld(SITE, { answers: { api: one }, check: notRun(failure) })
    const outcome = await pass(world, APPLY)
    expect(outcome.failure).toEqual(failure)
    expect(world.calls).not.toContain('apply')
  })

  test('its check of a file that follows the process comes later, and in every other case first', async () => {
    const world = fakeWorld(SITE, { answers: { api: one } })
    const daemon = {
      refused: new Map(),
      departures: { share: 100, least: 3, holdMs: 0 },
      mayReload: true,
    }
    const callsOf = async (more: Partial<NonNullable<Intent['daemon']>>): Promise<string> => {
      world.calls.length = 0
      outcome = await pass(world, { ...APPLY, daemon: { ...daemon, ...more } })
      return world.calls.filter((call) => call === 'check' || call === 'apply').join(' ')
    }
    let outcome = await pass(world, APPLY)
    const proven = outcome.bundle === undefined ? {} : { proven: outcome.bundle }
    world.answers = {
      api: { state: 'answered', instances: [anInstance(), anInstance({ id: 'b', port: 81 })] },
    }
    expect(await callsOf(proven)).toBe('apply apply')
    expect(outcome).toMatchObject({ plan: { action: 'runtime' }, unchecked: true })
    expect(await callsOf({ ...proven, checkDue: false })).toBe('')
    expect(await callsOf({ ...proven, checkDue: true })).toBe('check')
    expect(outcome.unchecked).toBe(false)

    const edited = { state: 'edited', text: '# mine' } as const
    const files = new Set(outcome.bundle?.files.map(({ path }) => path))
    world.actual = { config: edited, files, running: outcome.actual?.running ?? { state: 'down' } }
    expect(await callsOf(proven)).toBe('apply')
    expect(outcome).toMatchObject({ plan: { action: 'write' }, unchecked: true })
    expect(await callsOf({})).toBe('check apply')
    expect(outcome).toMatchObject({ plan: { action: 'write' }, unchecked: false })
    world.calls.length = 0
    await pass(world, APPLY)
    expect(world.calls).toContain('check')
  })

  test('a process that cannot be judged is a failure, and nothing is applied', async () => {
    const failure = { reason: 'haproxy-unreachable', message: 'silence', transient: true } as const
    const world = fakeWorld(SITE, { answers: { api: one } })
    world.actual = {
      config: { state: 'absent' },
      files: new Set(),
      running: { state: 'unknown', failure },
    }
    const outcome = await pass(world, APPLY)
    expect(outcome.failure).toEqual(failure)
    expect(world.calls).toEqual(['consul', 'files', 'observe'])
  })

  test('what could not be applied is not remembered', async () => {
    const world = fakeWorld(SITE, { answers: { api: one } })
    await pass(world, APPLY)
    const good = world.lastGood
    world.answers = { api: { state: 'answered', instances: [anInstance({ id: 'other' })] } }
    const failure = { reason: 'reload-failed', message: 'died', transient: false } as const
    world.apply = { state: 'failed', result: { ok: false, failure }, rolledBack: true }
    const outcome = await pass(world, APPLY)
    expect(outcome.failure).toEqual(failure)
    expect(outcome.applied?.state).toBe('failed')
    expect(world.lastGood).toBe(good)
  })
})

describe('safety stops', () => {
  test('a foreign file stops the pass before the check and before apply', async () => {
    const world = fakeWorld(SITE, { answers: { api: one } })
    world.actual = {
      config: { state: 'foreign', text: 'global\n' },
      files: new Set(),
      running: { state: 'down' },
    }
    const outcome = await pass(world, APPLY)
    expect(outcome.refusal).toMatchObject({ guard: 'takeover', flag: '--allow-takeover' })
    expect(world.calls).toEqual(['consul', 'files', 'observe'])
    const allowed = await pass(world, { ...APPLY, allow: { takeover: true } })
    expect(allowed.refusal).toBeUndefined()
    expect(world.calls).toContain('apply')
  })

  test('a revision without most of its resources stops the pass', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const full = `${SITE}${names.map((name) => backendYaml(name)).join('')}`
    const world = fakeWorld(full, { answers: { api: one } })
    await pass(world, APPLY)
    world.calls.length = 0
    world.sources = [{ path: 'site.yaml', text: SITE }]
    const outcome = await pass(world, APPLY)
    expect(outcome.refusal).toMatchObject({ guard: 'resource-removal', flag: '--allow-removal' })
    expect(world.calls).toEqual(['consul', 'files', 'observe'])
    await pass(world, { ...APPLY, allow: { removal: true } })
    expect(world.calls).toContain('apply')
  })
})

test('manifests that cannot be read are a failure, and nobody is asked', async () => {
  const failure = { ...REFUSED, reason: 'files-unreadable' } as const
  const world = fakeWorld(SITE, { readSources: () => Promise.resolve({ ok: false, failure }) })
  expect(await pass(world, APPLY)).toEqual({ diagnostics: [], sources: [], failure })
  expect(world.calls).toEqual([])
})

test('memory that cannot be saved is a failure', async () => {
  const failure = { ...REFUSED, reason: 'write-failed' } as const
  const world = fakeWorld(SITE, { saveLastGood: () => Promise.resolve({ ok: false, failure }) })
  world.answers = { api: one }
  const outcome = await pass(world, APPLY)
  expect(outcome.applied?.state).toBe('applied')
  expect(outcome.failure).toEqual(failure)
})

/** Number of the first line of the rendered configuration that begins so. */
async function lineOf(world: ReturnType<typeof fakeWorld>, begin: string): Promise<number> {
  const { bundle } = await pass(world, { until: 'bundle' })
  world.calls.length = 0
  const lines = bundle?.config.split('\n') ?? []
  return lines.findIndex((line) => line.trim().startsWith(begin)) + 1
}
