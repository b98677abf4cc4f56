/** What the loop remembers, tells and waits for after a pass. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { mayRemove, refusedNow } from '../../src/reconcile/hold-back.ts'
import { judgePass, type Judgement } from '../../src/reconcile/judge-pass.ts'
import { emptyMemory, type LoopMemory } from '../../src/reconcile/memory.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { aFailure, anOutcome, limits, RELOAD } from './outcomes.ts'

const fresh = emptyMemory(limits)

function judge(outcome: Outcome, memory: LoopMemory = fresh, atMs = 0, random = 0.5): Judgement {
  return judgePass(outcome, memory, limits, { atMs, random })
}

/** One outcome after the other; the last judgement. */
function judgeAll(...passes: readonly (readonly [atMs: number, outcome: Outcome])[]): Judgement {
  let memory = fresh
  let judged: Judgement | undefined
  for (const [atMs, outcome] of passes) {
    judged = judge(outcome, memory, atMs)
    ;({ memory } = judged)
  }
  if (judged === undefined) throw new Error('no pass')
  return judged
}

function types({ events }: Judgement): Event['type'][] {
  return events.map((event) => event.type)
}

describe('results', () => {
  test.each([
    ['in-sync', anOutcome()],
    ['applied', anOutcome({ plan: RELOAD, applied: true })],
    ['rejected', anOutcome({ errors: ['bad'] })],
    ['held-by-guard', anOutcome({ plan: RELOAD, refusal: 'takeover' })],
    ['put-off', anOutcome({ plan: RELOAD, deferred: true })],
    ['failed', anOutcome({ failure: aFailure('write-failed') })],
  ] as const)('%s', (result, outcome) => {
    expect(judge(outcome).result).toBe(result)
  })

  test('a pass that applied says what and why', () => {
    const { events } = judge(anOutcome({ plan: RELOAD, applied: true }))
    expect(events).toEqual([
      { type: 'applied', action: 'reload', tookMs: 5, reasons: RELOAD.reasons },
    ])
  })
})

describe('refused revisions', () => {
  const rejected = anOutcome({ revision: 'bad', plan: RELOAD, errors: ['no such keyword'] })
  const held = anOutcome({ held: 'bad' })

  test('what HAProxy rejects is stood in for at once, and why is remembered', () => {
    const judged = judge(rejected, fresh, 1000)
    expect(judged).toMatchObject({ againMs: 0, events: [] })
    expect([...refusedNow(judged.memory, 300_999)]).toMatchObject([
      ['bad', { diagnostics: [{ message: 'no such keyword' }] }],
    ])
    expect([...refusedNow(judged.memory, 301_000)]).toEqual([])
  })

  test.each(['preflight-failed', 'reload-failed', 'reload-unproven', 'haproxy-down'] as const)(
    '%s is held against the revision',
    (reason) => {
      const { memory } = judge(anOutcome({ revision: 'bad', failure: aFailure(reason) }))
      expect(refusedNow(memory, 0).get('bad')?.why).toBe(reason)
    },
  )

  test.each(['write-failed', 'consul-unreachable', 'haproxy-unreachable', 'timeout'] as const)(
    '%s is not',
    (reason) => {
      expect(judge(anOutcome({ failure: aFailure(reason) })).memory.refused.size).toBe(0)
    },
  )

  test('held is told once, and its release once', () => {
    expect(types(judgeAll([0, rejected], [1, held]))).toEqual(['config-rejected', 'revision-held'])
    expect(types(judgeAll([0, rejected], [1, held], [2, held]))).toEqual([])
    expect(types(judgeAll([0, rejected], [1, held], [2, anOutcome()]))).toEqual([
      'revision-released',
    ])
  })

  test('another bad revision in its place is told as such', () => {
    const other = judgeAll([0, held], [1, anOutcome({ held: 'worse' })])
    expect(other.events).toMatchObject([
      { type: 'revision-released', name: 'revision bad' },
      { type: 'config-rejected' },
      { type: 'revision-held', name: 'revision worse' },
    ])
  })

  test('tried again after its time and refused again: it was held all along', () => {
    const again = judgeAll([0, rejected], [1, held], [400_000, rejected])
    expect(again).toMatchObject({ againMs: 0, events: [] })
    expect(types(judgeAll([0, rejected], [1, held], [400_000, rejected], [400_001, held]))).toEqual(
      [],
    )
  })

  test('where nothing can stand in, the errors are told once, and no pass hurries', () => {
    const second = judgeAll([0, rejected], [1, rejected])
    expect(types(second)).toEqual(['config-rejected'])
    expect(second.againMs).toBeUndefined()
    expect(types(judgeAll([0, rejected], [1, rejected], [2, rejected]))).toEqual([])
  })

  test('the templates it was refused with are part of it', () => {
    const templates = new Map([['a', 'b']])
    const { memory } = judge(anOutcome({ revision: 'bad', errors: ['x'], templates }))
    expect(refusedNow(memory, 0).get('bad')?.templates).toBe(templates)
  })

  test('a pass that did not get to the manifests releases nothing', () => {
    const { manifests: _, ...unread } = anOutcome({ failure: aFailure('files-unreadable') })
    const judged = judgeAll([0, held], [1, unread])
    expect(types(judged)).toEqual(['failed'])
    expect(judged.memory.held?.name).toBe('revision bad')
  })
})

describe('guards', () => {
  const servers = anOutcome({ plan: RELOAD, refusal: 'server-removal' })
  const resources = anOutcome({ revision: 'small', plan: RELOAD, refusal: 'resource-removal' })
  const standIn = anOutcome({ held: 'small' })

  test('told once, with the flag; another pass when its time is over', () => {
    const judged = judge(servers, fresh, 1000)
    expect(judged.events).toEqual([
      {
        type: 'guard-stopped',
        guard: 'server-removal',
        message: 'too much; --allow-removal lets it pass',
      },
    ])
    expect(judged.againMs).toBe(300_000)
    expect(judgeAll([1000, servers], [2000, servers])).toMatchObject({
      againMs: 299_000,
      events: [],
    })
  })

  test('released by time, counted from its beginning', () => {
    const { memory } = judgeAll([1000, servers], [200_000, servers])
    expect(mayRemove(memory, limits, 300_999)).toBe(false)
    expect(mayRemove(memory, limits, 301_000)).toBe(true)
    expect(types(judge(anOutcome({ plan: RELOAD, applied: true }), memory, 301_000))).toEqual([
      'guard-released',
      'applied',
    ])
  })

  test('over when the removal is taken back: the next one begins anew', () => {
    const { memory } = judgeAll([1000, servers], [2000, anOutcome()], [200_000, servers])
    expect(mayRemove(memory, limits, 301_000)).toBe(false)
  })

  test('what is let pass and then put off, or fails, is still let pass', () => {
    for (const undone of [
      anOutcome({ plan: RELOAD, deferred: true }),
      anOutcome({ plan: RELOAD, failure: aFailure('write-failed') }),
      anOutcome({ plan: 'none', failure: aFailure('files-unreadable') }),
    ]) {
      const { memory } = judgeAll([0, servers], [300_000, undone])
      expect(mayRemove(memory, limits, 300_001)).toBe(true)
    }
  })

  test('takeover is never released by time, and lets nothing else pass either', () => {
    const foreign = anOutcome({ plan: RELOAD, refusal: 'takeover' })
    const { memory, againMs } = judgeAll([0, foreign], [1e9, foreign])
    expect(againMs).toBeUndefined()
    expect(mayRemove(memory, limits, 2e9)).toBe(false)
  })

  test('a revision that removes too much is stood in for until its time', () => {
    const first = judge(resources, fresh, 1000)
    expect(first.againMs).toBe(0)
    expect(refusedNow(first.memory, 300_999).has('small')).toBe(true)
    const second = judge(standIn, first.memory, 1200)
    expect(second.againMs).toBe(299_800)
    expect(refusedNow(second.memory, 301_000).has('small')).toBe(false)
    expect(mayRemove(second.memory, limits, 301_000)).toBe(true)
  })

  test('forgiven and refused again, its time still runs from the first refusal', () => {
    const { memory } = judgeAll([0, resources], [1, standIn])
    const again = judge(resources, { ...memory, refused: new Map() }, 200_000)
    expect(refusedNow(again.memory, 300_000).has('small')).toBe(false)
    const after = judge(standIn, again.memory, 300_001)
    // Nothing is due any more; a wait of a millisecond, again and again, would be a storm.
    expect(after.againMs).toBeUndefined()
  })

  test('the time of one revision is not that of another', () => {
    const other = anOutcome({ revision: 'smaller', plan: RELOAD, refusal: 'resource-removal' })
    const { memory } = judgeAll([0, resources], [1, standIn], [299_000, other])
    expect(mayRemove(memory, limits, 301_000)).toBe(false)
    const bad = judgeAll([0, resources], [1, standIn], [2, anOutcome({ held: 'bad' })])
    expect(bad.memory.stopped).toBeUndefined()
  })
})

describe('when to go on', () => {
  test('a reload that is put off is told once, and waited for', () => {
    const outcome = {
      ...anOutcome({ plan: RELOAD, deferred: true }),
      bundle: { config: 'x' },
    } as Outcome
    const done = judge(anOutcome({ plan: RELOAD, applied: true }), fresh, 1000)
    const first = judge(outcome, done.memory, 1500)
    expect(first).toMatchObject({
      againMs: 2000,
      events: [{ type: 'reload-put-off', waitMs: 2000 }],
    })
    const second = judge(outcome, first.memory, 2500)
    expect(second).toMatchObject({ againMs: 1000, events: [] })
  })

  test('put off while a guard holds: the reload, not the guard, is waited for', () => {
    const both = anOutcome({ plan: RELOAD, deferred: true, refusal: 'server-removal' })
    const done = judge(anOutcome({ plan: RELOAD, applied: true }), fresh, 1000)
    expect(judge(both, done.memory, 1500)).toMatchObject({ result: 'held-by-guard', againMs: 2000 })
  })

  test('after a failure: doubled, with full jitter, within bounds', () => {
    const failing = anOutcome({ failure: aFailure('write-failed') })
    const waitAfter = (failures: number, random: number): number | undefined =>
      judge(failing, { ...fresh, failures: failures - 1 }, 0, random).againMs
    expect([1, 2, 3, 4].map((n) => waitAfter(n, 0.999))).toEqual([499.5, 999, 1998, 3996])
    expect(waitAfter(4, 0)).toBe(250)
    expect(waitAfter(5000, 0.999)).toBe(59_940)
  })

  test('the same failure is told once, another one too, and that it is over', () => {
    const [disk, files] = [aFailure('write-failed'), aFailure('files-unreadable')]
    const failing = anOutcome({ failure: disk })
    expect(judgeAll([0, failing], [1, failing]).events).toEqual([
      { type: 'failed', failure: disk, again: true },
    ])
    expect(judgeAll([0, failing], [1, anOutcome({ failure: files })]).events).toMatchObject([
      { again: false },
    ])
    expect(judgeAll([0, failing], [1, failing], [2, anOutcome()]).events).toEqual([
      { type: 'recovered', failures: 2 },
    ])
  })

  test('departures that are held are looked at each second', () => {
    expect(judge(anOutcome({ departing: true })).againMs).toBe(1000)
    expect(judge(anOutcome()).againMs).toBeUndefined()
  })
})

describe('capacity', () => {
  const at = (level: 'Healthy' | 'BelowDesired' | 'Empty'): Outcome =>
    anOutcome({ levels: { api: level } })

  test('each transition once; healthy at the start is none', () => {
    expect(types(judge(at('Healthy')))).toEqual([])
    expect(types(judge(at('Empty')))).toEqual(['capacity-changed'])
    const fell = judgeAll([0, at('Healthy')], [1, at('BelowDesired')])
    expect(fell.events).toMatchObject([{ before: 'Healthy', capacity: { level: 'BelowDesired' } }])
    expect(types(judge(at('BelowDesired'), fell.memory))).toEqual([])
    expect(types(judge(at('Healthy'), fell.memory))).toEqual(['capacity-changed'])
  })

  test('that servers are held is told once, with the reason, and that they are not any more', () => {
    const held = anOutcome({ levels: { api: 'Healthy', web: 'Healthy' }, holding: ['api'] })
    const why = { code: 'LG5005', severity: 'warning', message: 'api: Consul is empty' } as const
    const first = judge({ ...held, diagnostics: [why] })
    expect(first.events).toEqual([{ type: 'servers-held', message: 'api: Consul is empty' }])
    const { compiled: _, ...short } = anOutcome({ failure: aFailure('files-unreadable') })
    const all = judgeAll([0, held], [1, held], [2, short], [3, held])
    expect(types(all)).toEqual(['recovered'])
    expect(judge(at('Healthy'), all.memory).events).toEqual([
      { type: 'servers-released', resource: 'api' },
    ])
  })

  test('a thousand that are held at once are one line, and so is their release', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `b${i}`)
    const held = anOutcome({
      levels: Object.fromEntries(names.map((name) => [name, 'Healthy'] as const)),
      holding: names,
    })
    const { events, memory } = judge(held)
    const also = 'and so 999 other Backends'
    expect(events).toEqual([{ type: 'servers-held', message: `b0: servers are kept; ${also}` }])
    const free = anOutcome({ levels: { b0: 'Healthy' } })
    const released = judge(free, memory).events.filter(({ type }) => type === 'servers-released')
    expect(released).toEqual([{ type: 'servers-released', resource: `b0; ${also}` }])
  })

  test('a pass that did not get so far forgets no level', () => {
    const { compiled: _, ...short } = anOutcome({ failure: aFailure('files-unreadable') })
    expect(types(judgeAll([0, at('Empty')], [1, short], [2, at('Empty')]))).toEqual(['recovered'])
  })
})

describe('servers on their way', () => {
  const waiting = [{ kind: 'draining', backend: 'api', server: 'old' }] as const
  const waits = anOutcome({ plan: { action: 'in-sync', waiting } })
  const changes = [
    { kind: 'delete-server', backend: 'web', server: 'old', isForced: false },
  ] as const
  const plan = { action: 'runtime', reasons: [], changes, waiting } as const

  const admits = anOutcome({
    plan: { action: 'in-sync', waiting: [{ kind: 'admitting', backend: 'api', server: 'new' }] },
  })

  test('are looked at soon where one comes, after its rest where one leaves, and then less and less often', () => {
    expect(judge(admits).againMs).toBe(505)
    expect(judge(waits).againMs).toBe(5005)
    expect(judgeAll([0, waits], [40_000, waits]).againMs).toBe(10_005)
  })

  test('are looked at together where they leave within half a second, and never before they have rested', () => {
    const dueMs = (atMs: number): number =>
      atMs + (judge(waits, undefined, atMs).againMs ?? Number.NaN) - 5
    const dues = [10_010, 10_200, 10_490, 10_500].map(dueMs)
    expect(dues).toEqual([15_500, 15_500, 15_500, 15_500])
    expect(dueMs(10_501)).toBe(16_000)
    expect(judge(admits, undefined, 10_010).againMs).toBe(505)
  })

  test('are looked at backend by backend: who sets out later does not hurry who is on the way', () => {
    const changed = anOutcome({ plan, applied: true })
    const { memory } = judgeAll([0, waits], [40_000, waits])
    const judged = judgePass(changed, memory, limits, {
      atMs: 41_000,
      random: 0,
      glanced: new Set<string>(),
    })
    expect([...judged.memory.waitingIn]).toEqual([['api', { sinceMs: 0, dueMs: 50_000 }]])
    const other = anOutcome({
      plan: { ...plan, changes: [{ ...changes[0], backend: 'api' }] },
      applied: true,
    })
    const anew = judge(other, memory, 41_000)
    expect([...anew.memory.waitingIn]).toEqual([['api', { sinceMs: 41_000, dueMs: 46_000 }]])
  })

  test('are those too that HAProxy does not let go yet', () => {
    const applied = { state: 'applied', action: 'runtime', tookMs: 5, postponed: changes } as const
    const { memory } = judge({ ...anOutcome({ plan }), applied })
    expect([...memory.waitingIn.keys()]).toEqual(['api', 'web'])
  })
})

describe('a file that is behind the process', () => {
  const plan = {
    action: 'runtime',
    reasons: [{ code: 'servers-changed', message: 'one joined' }],
    changes: [],
  } as const
  const ran = { ...anOutcome({ plan, applied: true }), fileLags: true }
  const written = anOutcome({ plan: { action: 'write', reasons: plan.reasons }, applied: true })

  test('is written within a second, counted from when it was written last', () => {
    expect(judgeAll([1000, written], [1200, ran]).againMs).toBe(500)
    expect(judgeAll([1000, written], [1200, ran], [1600, ran]).againMs).toBe(100)
    expect(judgeAll([1000, written], [1200, ran], [1900, written]).againMs).toBeUndefined()
  })

  test('is told with what it follows, and not once more', () => {
    expect(types(judgeAll([1000, written], [1200, ran]))).toEqual(['applied'])
    expect(types(judgeAll([1000, written], [1200, ran], [1900, written]))).toEqual([])
    expect(types(judgeAll([1000, written], [1900, written]))).toEqual(['applied'])
  })

  test('is not behind any more when the process is back where the file is', () => {
    const judged = judgeAll([1000, written], [1200, ran], [1900, anOutcome()])
    expect([judged.memory.fileLags, judged.againMs]).toEqual([false, undefined])
  })

  test('is not tried without end where something stands in its way', () => {
    const held = anOutcome({ plan: RELOAD, refusal: 'takeover' })
    expect(judgeAll([1000, written], [1200, ran], [1900, held]).againMs).toBe(700)
  })

  test('stays behind while its writing fails', () => {
    const failed = anOutcome({
      plan: { action: 'write', reasons: [] },
      failure: aFailure('write-failed'),
    })
    expect(judgeAll([1000, written], [1200, ran], [1900, failed]).memory.fileLags).toBe(true)
  })
})
