/** What the Runtime API has to do: every pair of wanted and running servers, and in which order. */
import { describe, expect, test } from 'vitest'
import type { WantedServer } from '../../src/model/bundle.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { RunningServer, RuntimeChange } from '../../src/model/runtime.ts'
import { plan } from '../../src/plan/plan.ts'
import type { PlanRules } from '../../src/plan/rules.ts'
import { REST_MS } from '../../src/plan/servers.ts'
import { aBundle, liveOf, planOf, running } from './parts.ts'
import { RULES } from './rules.ts'

const bundle = aBundle()
const CHECKED = ['weight', '100', 'check', 'inter', '2s']

function wanted(name: string, change: Partial<WantedServer> = {}): WantedServer {
  return { name, address: '10.0.0.1', port: 80, weight: 100, words: CHECKED, ...change }
}

function seen(name: string, change: Partial<RunningServer> = {}): RunningServer {
  const admin = 'ready'
  return { name, address: '10.0.0.1', port: 80, weight: 100, admin, check: 'passed', ...change }
}

interface Case {
  readonly wanted?: readonly WantedServer[]
  readonly seen?: readonly RunningServer[]
  readonly rules?: Partial<PlanRules>
  readonly fixed?: string
  readonly version?: string
  readonly retries?: number
}

function planServers(given: Case): Plan {
  const { wanted: servers = [], seen: now = [], rules, fixed, version = '3.0.11' } = given
  const desired = {
    ...aBundle({ live: { servers: new Map([['api', servers]]) } }),
    fixed: new Map(fixed === undefined ? [] : [['api', fixed]]),
    ...(given.retries !== undefined && { retries: new Map([['api', given.retries]]) }),
  }
  const live = { ...liveOf(desired), servers: new Map([['api', now]]) }
  const all = rules === undefined ? RULES : { ...RULES, ...rules }
  return plan(desired, running(desired, { live, version }), all)
}

function changes(given: Case): readonly RuntimeChange[] {
  const planned = planServers(given)
  return planned.action === 'runtime' ? planned.changes : []
}

function kinds(given: Case): string[] {
  return changes(given).map(
    (c) =>
      `${c.kind} ${'server' in c ? (typeof c.server === 'string' ? c.server : c.server.name) : ''}`,
  )
}

function waits(given: Case): string[] {
  const planned = planServers(given)
  const waiting = 'waiting' in planned ? (planned.waiting ?? []) : []
  return waiting.map(({ kind, server }) => `${kind} ${server}`)
}

const a = { wanted: wanted('a'), seen: seen('a') }
const drained = seen('b', { weight: 0, admin: 'drain' })

describe('a server that joins', () => {
  test('waits for its check where others take the traffic', () => {
    const given = { wanted: [a.wanted, wanted('b')], seen: [a.seen] }
    expect(changes(given)).toEqual([
      { kind: 'add-server', backend: 'api', server: wanted('b'), admit: 'checked' },
    ])
    expect(waits(given)).toEqual(['admitting b'])
  })

  test.each([
    ['nobody else is there', { wanted: [wanted('b')] }],
    [
      'the others are down',
      { wanted: [a.wanted, wanted('b')], seen: [seen('a', { check: 'failed' })] },
    ],
    [
      'the others are in maintenance',
      { wanted: [a.wanted, wanted('b')], seen: [seen('a', { admin: 'maintenance' })] },
    ],
    ['it is not checked', { wanted: [a.wanted, wanted('b', { words: [] })], seen: [a.seen] }],
    [
      'its check is switched off again',
      { wanted: [a.wanted, wanted('b', { words: ['check', 'no-check'] })], seen: [a.seen] },
    ],
    [
      'nobody will come back to it',
      { wanted: [a.wanted, wanted('b')], seen: [a.seen], rules: { admission: 'AtOnce' as const } },
    ],
  ])('takes traffic at once where %s', (_, given) => {
    expect(changes(given)).toMatchObject([{ kind: 'add-server', admit: 'at-once' }])
  })

  test('has weight 0 until its check has passed, then its own', () => {
    const given = (check: RunningServer['check']): Case => ({
      wanted: [a.wanted, wanted('b', { weight: 7 })],
      seen: [a.seen, seen('b', { weight: 0, check })],
    })
    expect(planServers(given('unknown')).action).toBe('in-sync')
    expect(waits(given('unknown'))).toEqual(['admitting b'])
    expect(waits(given('failed'))).toEqual(['admitting b'])
    expect(changes(given('passed'))).toEqual([
      { kind: 'set-weight', backend: 'api', server: 'b', weight: 7 },
    ])
  })

  test('is let in unchecked when the others are gone meanwhile', () => {
    expect(
      kinds({
        wanted: [a.wanted, wanted('b')],
        seen: [seen('a', { check: 'failed' }), seen('b', { weight: 0, check: 'failed' })],
      }),
    ).toEqual(['set-weight b'])
  })

  test('while it leaves, is opened again', () => {
    const back = { wanted: [a.wanted, wanted('b')], seen: [a.seen, drained] }
    expect(kinds(back)).toEqual(['set-state b', 'set-weight b'])
    expect(changes(back)[0]).toMatchObject({ state: 'ready', isChecked: true })
  })
})

describe('a server that leaves', () => {
  test('is drained, then waited for, then deleted when it has rested', () => {
    const step = (server: RunningServer): Case => ({ wanted: [a.wanted], seen: [a.seen, server] })
    expect(kinds(step(seen('b')))).toEqual(['drain-server b'])
    expect(waits(step(seen('b')))).toEqual(['draining b'])
    expect(waits(step({ ...drained, sessions: 3 }))).toEqual(['draining b'])
    expect(kinds(step({ ...drained, sessions: 3 }))).toEqual([])
    expect(kinds(step(drained))).toEqual([])
    const resting = { ...drained, sessions: 0, outForMs: 30_000, idleForMs: REST_MS - 1 }
    expect(kinds(step(resting))).toEqual([])
    expect(waits(step(resting))).toEqual(['draining b'])
    const patient = { ...step({ ...resting, idleForMs: REST_MS }), retries: 10 }
    expect(kinds(patient)).toEqual([])
    expect(kinds({ ...step({ ...resting, idleForMs: 12_000 }), retries: 10 })).toEqual([
      'delete-server b',
    ])
    expect(changes(step({ ...resting, idleForMs: REST_MS }))).toEqual([
      { kind: 'delete-server', backend: 'api', server: 'b', isForced: false },
    ])
  })

  test('loses its last sessions when its time is over', () => {
    const late = { ...drained, sessions: 3, outForMs: 60_000 }
    expect(changes({ seen: [late] })).toMatchObject([{ kind: 'delete-server', isForced: true }])
    expect(changes({ seen: [{ ...late, outForMs: 59_999 }] })).toEqual([])
    const rules = { drainMs: 0 }
    expect(changes({ seen: [{ ...late, outForMs: REST_MS - 1 }], rules })).toEqual([])
    expect(kinds({ seen: [{ ...late, outForMs: REST_MS }], rules })).toEqual(['delete-server b'])
  })

  test('goes after the others have come', () => {
    const given = { wanted: [wanted('new')], seen: [seen('old')] }
    expect(kinds(given)).toEqual(['add-server new', 'drain-server old'])
  })

  test('is drained by Legate too where a person has set it into maintenance or drain', () => {
    expect(kinds({ seen: [seen('b', { admin: 'maintenance' })] })).toEqual(['drain-server b'])
    expect(kinds({ seen: [seen('b', { admin: 'drain' })] })).toEqual(['drain-server b'])
  })
})

describe('a server that stays', () => {
  test('and moves, leaves its place and comes back at the new one, while others take the traffic', () => {
    const other = seen('b')
    const step = (...servers: RunningServer[]): Case => ({
      wanted: [wanted('a', { port: 81 }), wanted('b')],
      seen: [...servers, other],
    })
    const leaving = { ...a.seen, weight: 0, admin: 'drain' } as const
    expect(kinds(step(a.seen))).toEqual(['drain-server a'])
    expect(kinds(step({ ...leaving, sessions: 2 }))).toEqual([])
    expect(waits(step({ ...leaving, sessions: 2 }))).toEqual(['draining a'])
    const rested = { ...leaving, sessions: 0, idleForMs: REST_MS }
    expect(kinds(step({ ...rested, idleForMs: REST_MS - 1 }))).toEqual([])
    expect(changes(step(rested))).toMatchObject([
      {
        kind: 'replace-server',
        server: { name: 'a', port: 81 },
        admit: 'checked',
        isForced: false,
      },
    ])
    // It is not over with that: somebody has to come back to it.
    const gone = planServers(step(rested))
    expect('waiting' in gone && gone.waiting).toHaveLength(1)
    expect(changes(step())).toMatchObject([
      { kind: 'add-server', server: { name: 'a', port: 81 }, admit: 'checked' },
    ])
    const fixed = 'no server comes or goes'
    expect(kinds({ ...step(a.seen), fixed })).toEqual(['set-address a'])
    const alone = { ...step(a.seen), seen: [a.seen, { ...other, check: 'failed' as const }] }
    expect(kinds(alone)).toEqual(['set-address a'])
  })

  test('moves, and changes its weight', () => {
    const given = {
      wanted: [wanted('a', { address: '2001:db8::1', port: 81, weight: 5 })],
      seen: [a.seen],
    }
    expect(changes(given)).toEqual([
      { kind: 'set-address', backend: 'api', server: 'a', address: '2001:db8::1', port: 81 },
      { kind: 'set-weight', backend: 'api', server: 'a', weight: 5 },
    ])
  })

  test('moves where nobody else takes the traffic: 2.6 would go on asking the old place, and is reloaded', () => {
    const given = {
      wanted: [wanted('a', { port: 81 })],
      seen: [a.seen],
      version: '2.6.12-1+deb12u4',
    }
    expect(planServers(given)).toEqual({
      action: 'reload',
      reasons: [
        {
          code: 'runtime-cannot',
          message:
            'server api/a moves, and HAProxy 2.6.12-1+deb12u4 would go on asking it at the old address',
          resource: 'Backend/default/api',
          directive: 'server',
        },
        expect.objectContaining({ code: 'servers-changed' }),
      ],
    })
    expect(kinds({ ...given, version: '3.0.11' })).toEqual(['set-address a'])
    expect(kinds({ ...given, wanted: [wanted('a')] })).toEqual([])
  })

  test('under a host name is never moved: the process shows what the name resolved to', () => {
    const given = { wanted: [wanted('a', { address: 'app.example' })], seen: [a.seen] }
    expect(planServers(given)).toEqual({ action: 'in-sync' })
  })

  test('in maintenance or drain by hand stays there for as long as the rules say', () => {
    const out = (outForMs: number): readonly RunningServer[] => [
      seen('a', { admin: 'maintenance', outForMs }),
    ]
    const rules = (adminState: PlanRules['adminState']): Partial<PlanRules> => ({ adminState })
    const of = (given: Case): string[] => kinds({ wanted: [a.wanted], ...given })
    expect(of({ seen: out(0) })).toEqual([])
    expect(of({ seen: out(3_600_000) })).toEqual(['set-state a'])
    expect(of({ seen: out(9e9), rules: rules('Report') })).toEqual([])
    expect(of({ seen: out(0), rules: rules('Revert') })).toEqual(['set-state a'])
  })

  test('in another order is no change', () => {
    const given = { wanted: [a.wanted, wanted('b')], seen: [seen('b'), a.seen] }
    expect(planServers(given)).toEqual({ action: 'in-sync' })
  })
})

describe('what the Runtime API cannot do', () => {
  const fixed = 'backend api: `balance static-rr` is fixed when HAProxy starts'

  test('is a reload, and says why', () => {
    expect(planServers({ wanted: [a.wanted], fixed })).toEqual({
      action: 'reload',
      reasons: [
        {
          code: 'runtime-cannot',
          message: fixed,
          resource: 'Backend/default/api',
          directive: 'server',
        },
        {
          code: 'servers-changed',
          message: 'backend api: 1 server joined',
          resource: 'Backend/default/api',
          directive: 'server',
        },
      ],
    })
  })

  test('leaves what it can do: another address', () => {
    const moved = { wanted: [wanted('a', { port: 81 })], seen: [a.seen], fixed }
    expect(kinds(moved)).toEqual(['set-address a'])
  })
})

test('the reasons say how many servers of which backend', () => {
  const planned = planServers({
    wanted: [wanted('new'), wanted('a', { weight: 1 }), wanted('b')],
    seen: [a.seen, seen('b'), seen('old'), { ...drained, name: 'gone', sessions: 0 }],
  })
  expect('reasons' in planned && planned.reasons.map(({ message }) => message)).toEqual([
    'backend api: 1 server joined, 1 server left, 1 server changed',
  ])
})

describe('certificates', () => {
  test('are put in their place', () => {
    const live = { ...liveOf(bundle), certificates: new Map([['/etc/certs/site.pem', 'CD34']]) }
    expect(planOf(bundle, running(bundle, { live }))).toEqual({
      action: 'runtime',
      changes: [{ kind: 'set-certificate', path: '/etc/certs/site.pem', fingerprint: 'AB12' }],
      reasons: [
        { code: 'certificates-changed', message: 'the certificate /etc/certs/site.pem is new' },
      ],
    })
  })

  test('that the process has not loaded take a reload', () => {
    const live = { ...liveOf(bundle), certificates: new Map() }
    expect(planOf(bundle, running(bundle, { live })).action).toBe('reload')
  })

  test('that nobody looked at are not compared', () => {
    const unseen = aBundle({ live: { certificates: new Map() } })
    const live = { ...liveOf(unseen), certificates: new Map([['/etc/certs/site.pem', 'CD34']]) }
    expect(planOf(unseen, running(unseen, { live }))).toEqual({ action: 'in-sync' })
  })
})

test('the same servers are wanted, and HAProxy or the rules are others: planned anew', () => {
  const servers = [wanted('one'), wanted('two')]
  const both = [seen('one'), seen('two')]
  const weighted = [seen('one', { weight: 50 }), seen('two')]
  expect(kinds({ wanted: servers, seen: both })).toEqual([])
  expect(kinds({ wanted: servers, seen: weighted })).toEqual(['set-weight one'])
  const out = [seen('one', { admin: 'drain' }), seen('two')]
  const adminState = (how: PlanRules['adminState']): Case => ({
    wanted: servers,
    seen: out,
    rules: { adminState: how },
  })
  expect(kinds(adminState('Report'))).toEqual([])
  expect(kinds(adminState('Revert'))).toEqual(['set-state one'])
  expect(kinds({ wanted: servers, seen: both })).toEqual([])
})
