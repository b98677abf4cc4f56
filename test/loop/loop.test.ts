/** The driver: triggers and time in, passes out, one at a time. */
import { expect, test } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { Loop } from '../../src/reconcile/loop.ts'
import type { Intent, Outcome } from '../../src/reconcile/outcome.ts'
import { fakeClock, settle, type FakeClock } from '../fakes/clock.ts'
import { aFailure, anOutcome, limits, RELOAD } from './outcomes.ts'

interface Rig {
  readonly loop: Loop
  readonly clock: FakeClock
  readonly events: Event[]
  readonly intents: Intent[]
  /** What passes end with; a test may change it. */
  next: () => Outcome | Promise<Outcome>
}

function makeRig(next: Rig['next'] = () => anOutcome()): Rig {
  const clock = fakeClock()
  const [events, intents]: [Event[], Intent[]] = [[], []]
  const loop = new Loop(
    {
      windows: { quietMs: 200, maxMs: 1000 },
      limits,
      departures: { share: 50, least: 3, holdMs: 30_000 },
      lookMs: 10_000,
      allow: { takeover: false, removal: false },
    },
    {
      clock,
      emit: (event) => events.push(event),
      ended: () => undefined,
      pass: async (intent) => {
        intents.push(intent)
        return rig.next()
      },
    },
  )
  const rig: Rig = { loop, clock, events, intents, next }
  return rig
}

/** A pass that ends when it is told to. */
function gate(): { readonly pass: Promise<Outcome>; end(outcome?: Outcome): void } {
  let end: (outcome?: Outcome) => void = () => undefined
  const pass = new Promise<Outcome>((resolve) => {
    end = (outcome = anOutcome()) => resolve(outcome)
  })
  return { pass, end: (outcome) => end(outcome) }
}

const typesOf = (events: readonly Event[]): string[] => events.map((e) => e.type)

test('one pass at a time; what comes meanwhile makes one more', async () => {
  const slow = gate()
  const rig = makeRig(() => slow.pass)
  rig.loop.trigger('start')
  for (let i = 0; i < 20; i += 1) rig.loop.trigger(`change ${i}`)
  await rig.clock.advance(5000)
  expect(rig.intents).toHaveLength(1)
  slow.end()
  await settle()
  await rig.clock.advance(1000)
  expect(rig.intents).toHaveLength(2)
  const began = rig.events.filter((e) => e.type === 'pass-began')
  expect(began[1]).toEqual({
    type: 'pass-began',
    reasons: ['change 0', 'change 1', 'change 2', 'change 3', 'change 4'],
  })
})

test('a bug in a pass is caught and told, and the loop goes on', async () => {
  const rig = makeRig(() => Promise.reject(new Error('a bug')))
  rig.loop.trigger('start')
  await settle()
  expect(rig.events).toMatchObject([
    { type: 'pass-began' },
    { type: 'bug', message: expect.stringContaining('a bug') },
    { type: 'pass-ended', result: 'bug' },
  ])
  rig.next = () => anOutcome()
  await rig.clock.advance(59_000)
  expect(rig.intents).toHaveLength(1)
  await rig.clock.advance(2000)
  expect(rig.events.at(-1)).toMatchObject({ type: 'pass-ended', result: 'in-sync' })
  rig.loop.trigger('a change')
  await rig.clock.advance(300)
  expect(rig.intents).toHaveLength(3)
})

test('looks each ten seconds, counted from the last pass', async () => {
  const rig = makeRig()
  rig.loop.trigger('start')
  await rig.clock.advance(9_000)
  rig.loop.trigger('a change')
  await rig.clock.advance(9_900)
  expect(rig.intents).toHaveLength(2)
  await rig.clock.advance(500)
  expect(rig.intents).toHaveLength(3)
  expect(rig.events.findLast((e) => e.type === 'pass-began')).toEqual({
    type: 'pass-began',
    reasons: ['look'],
  })
})

test('a jump of the date, ahead or back by a day, makes no pass and skips none', async () => {
  const rig = makeRig()
  rig.loop.trigger('start')
  await settle()
  for (const ms of [86_400_000, -172_800_000]) {
    rig.clock.jumpDate(ms)
    const before = rig.intents.length
    await rig.clock.advance(9_000)
    expect(rig.intents).toHaveLength(before)
    await rig.clock.advance(1_300)
    expect(rig.intents).toHaveLength(before + 1)
  }
})

test('stop waits for the pass that runs, and runs no other', async () => {
  const slow = gate()
  const rig = makeRig(() => slow.pass)
  rig.loop.trigger('start')
  await settle()
  rig.loop.trigger('more')
  let isStopped = false
  const stopped = rig.loop.stop().then(() => (isStopped = true))
  await rig.clock.advance(60_000)
  expect(isStopped).toBe(false)
  slow.end(anOutcome({ plan: RELOAD, applied: true }))
  await stopped
  expect(typesOf(rig.events).slice(-4)).toEqual(['stopping', 'applied', 'pass-ended', 'stopped'])
  rig.loop.trigger('too late')
  await rig.clock.advance(60_000)
  expect(rig.intents).toHaveLength(1)
  expect(rig.clock.waits).toEqual([])
})

test('the file follows the process before the end', async () => {
  const plan = { action: 'runtime', reasons: [], changes: [] } as const
  const rig = makeRig(() => anOutcome({ plan: RELOAD, applied: true }))
  rig.loop.trigger('start')
  await settle()
  rig.next = () => ({ ...anOutcome({ plan, applied: true }), fileLags: true })
  await rig.clock.advance(300)
  rig.loop.trigger('change')
  await rig.clock.advance(100)
  rig.next = () => anOutcome({ plan: { action: 'write', reasons: [] }, applied: true })
  await rig.loop.stop()
  expect(rig.intents.map(({ daemon }) => daemon?.fileRests)).toEqual([false, true, false])
  expect(rig.clock.waits).toEqual([])
})

test("HAProxy's own check of a file that follows the process is made when it has rested for five seconds", async () => {
  const plan = { action: 'runtime', reasons: [], changes: [] } as const
  const rig = makeRig(() => ({ ...anOutcome({ plan, applied: true }), unchecked: true }))
  rig.loop.trigger('start')
  await rig.clock.advance(2000)
  rig.loop.trigger('change')
  await settle()
  rig.next = () => anOutcome()
  await rig.clock.advance(4900)
  expect(rig.intents.map(({ daemon }) => daemon?.checkDue)).toEqual([false, false])
  rig.next = () => anOutcome({ failure: aFailure('timeout') })
  await rig.clock.advance(200)
  rig.next = () => ({ ...anOutcome(), unchecked: false })
  await rig.clock.advance(2000)
  expect(rig.intents.map(({ daemon }) => daemon?.checkDue)).toEqual([false, false, true, true])
  await rig.clock.advance(30_000)
  expect(rig.intents.slice(4).some(({ daemon }) => daemon?.checkDue === true)).toBe(false)
})

test('what is not begun because of the end is no failure; any other is', async () => {
  for (const [reason, told] of [
    ['interrupted', false],
    ['reload-failed', true],
  ] as const) {
    const slow = gate()
    const rig = makeRig(() => slow.pass)
    rig.loop.trigger('start')
    const stopped = rig.loop.stop()
    slow.end(anOutcome({ failure: aFailure(reason) }))
    await stopped
    expect(typesOf(rig.events).includes('failed')).toBe(told)
  }
})

test('stop of an idle loop ends at once and leaves no timer', async () => {
  const rig = makeRig()
  rig.loop.trigger('start')
  await settle()
  await rig.loop.stop()
  expect(rig.clock.waits).toEqual([])
})

test('a refused revision is in the intent of the next pass, until somebody forgives it', async () => {
  const rig = makeRig(() => anOutcome({ revision: 'bad', errors: ['no'] }))
  rig.loop.trigger('start')
  await rig.clock.advance(300)
  expect([...(rig.intents[1]?.daemon?.refused.keys() ?? [])]).toEqual(['bad'])
  rig.loop.forgive()
  rig.loop.trigger('files')
  await rig.clock.advance(300)
  expect(rig.intents[2]?.daemon?.refused.size).toBe(0)
})

test('reloads are rationed, and removals allowed by time', async () => {
  const rig = makeRig(() => anOutcome({ plan: RELOAD, applied: true }))
  rig.loop.trigger('start')
  await settle()
  expect(rig.intents[0]?.daemon?.mayReload).toBe(true)
  rig.loop.trigger('soon after')
  await rig.clock.advance(300)
  expect(rig.intents[1]?.daemon?.mayReload).toBe(false)

  const held = makeRig(() => anOutcome({ plan: RELOAD, refusal: 'server-removal' }))
  held.loop.trigger('start')
  await held.clock.advance(299_000)
  expect(held.intents.every((i) => i.allow?.removal === false)).toBe(true)
  await held.clock.advance(1_500)
  expect(held.intents.at(-1)?.allow?.removal).toBe(true)
})

test('what is distrusted while a pass looks at everything is looked at again by the next one', async () => {
  const actual: Outcome['actual'] = {
    config: { state: 'absent' },
    files: new Set(),
    running: { state: 'down' },
  }
  const sees = { ...anOutcome({ plan: { action: 'in-sync' } }), actual }
  const slow = gate()
  const rig = makeRig(() => sees)
  rig.loop.trigger('start')
  await settle()
  await rig.clock.advance(1000)
  rig.loop.trigger('Consul service api')
  await settle()
  // Between two looks a change is no reason to look at everything.
  expect(rig.intents.map(({ daemon }) => daemon?.glance === undefined)).toEqual([true, false])
  rig.next = () => slow.pass
  rig.loop.distrust()
  await rig.clock.advance(1000)
  rig.loop.trigger('haproxy.cfg')
  await settle()
  rig.loop.distrust()
  rig.loop.trigger('haproxy.cfg')
  slow.end(sees)
  await settle()
  await rig.clock.advance(1000)
  expect(rig.intents.map(({ daemon }) => daemon?.glance === undefined)).toEqual([
    true,
    false,
    true,
    true,
  ])
})
