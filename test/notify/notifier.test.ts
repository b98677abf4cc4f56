/** Notifications from event to receiver by a fake clock: tries, pauses, and receivers that do not wait for each other. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import type { ReceiverSettings } from '../../src/model/settings.gen.ts'
import type { Message } from '../../src/notify/message.ts'
import { Notifier, type Beliefs } from '../../src/notify/notifier.ts'
import type { Sent } from '../../src/notify/send.ts'
import { fakeClock, type FakeClock } from '../fakes/clock.ts'
import { capacityEvent } from './notices.ts'

const RULES = {
  gatherMs: 5000,
  repeatMs: 300_000,
  patienceMs: 60_000,
  most: 100,
  timeoutMs: 10_000,
  attempts: 4,
  retryMs: { first: 1000, most: 3000 },
}

const DOWN: Sent = { state: 'refused', why: 'it cannot be reached (ECONNREFUSED)', isFinal: false }

interface Rig {
  readonly clock: FakeClock
  readonly notifier: Notifier
  readonly sent: (readonly [name: string, atMs: number, message: Message])[]
  readonly events: Event[]
  readonly counts: string[]
  readonly kept: Beliefs[]
  tell(event: Event): void
}

type Answer = (name: string, attempt: number, signal: AbortSignal) => Promise<Sent> | Sent

function rig(names: readonly string[], answer: Answer, before: Beliefs = new Map()): Rig {
  const clock = fakeClock(() => 1)
  const sent: Rig['sent'] = []
  const events: Event[] = []
  const counts: string[] = []
  const kept: Beliefs[] = []
  const receivers = names.map((name): ReceiverSettings => ({
    name,
    type: 'Webhook',
    topics: ['Capacity'],
  }))
  let ids = 0
  const notifier = new Notifier(receivers, RULES, {
    clock,
    host: 'lb-1',
    newId: () => `id-${(ids += 1)}`,
    send: async ({ name }, message, { signal }) => {
      sent.push([name, clock.monotonicMs(), message])
      return answer(name, sent.filter(([to]) => to === name).length, signal)
    },
    before,
    keep: (beliefs) => kept.push(beliefs),
    emit: (event) => events.push(event),
    count: (type, result) => counts.push(`${type} ${result}`),
  })
  const tell = (event: Event): void =>
    notifier.onEvent({ event, sentence: 'words', atMs: clock.dateMs() })
  return { clock, notifier, sent, events, counts, kept, tell }
}

function never(): Promise<Sent> {
  return new Promise(() => undefined)
}

test('an instance dies and returns: one message each', async () => {
  const { clock, sent, counts, tell } = rig(['ops'], () => ({ state: 'taken' }))
  tell(capacityEvent('BelowDesired'))
  await clock.advance(60_000)
  tell(capacityEvent('Healthy'))
  await clock.advance(60_000)
  expect(sent.map(([, atMs, { notices }]) => [atMs, notices.map((n) => n.reason)])).toEqual([
    [5000, ['BackendBelowDesired']],
    [65_000, ['BackendRecovered']],
  ])
  expect(counts).toEqual(['Webhook success', 'Webhook success'])
  expect(clock.waits).toEqual([])
})

test('what is not taken is tried again with growing pauses, as the same message', async () => {
  const { clock, sent, events, counts, tell } = rig(['ops'], (_, attempt) =>
    attempt < 3 ? DOWN : { state: 'taken' },
  )
  tell(capacityEvent('Empty'))
  await clock.advance(60_000)
  expect(sent.map(([, atMs, { id }]) => [atMs, id])).toEqual([
    [5000, 'id-1'],
    [6000, 'id-1'],
    [8000, 'id-1'],
  ])
  expect(counts).toEqual(['Webhook failure', 'Webhook failure', 'Webhook success'])
  expect(events).toEqual([
    {
      type: 'notification-failed',
      receiver: 'ops',
      message: 'it cannot be reached (ECONNREFUSED)',
      gaveUp: false,
    },
  ])
})

test('it is given up after so many tries; the recovery is tried by itself', async () => {
  const { clock, sent, events, tell } = rig(['ops'], (_, attempt) =>
    attempt <= 4 ? DOWN : { state: 'taken' },
  )
  tell(capacityEvent('Empty'))
  await clock.advance(120_000)
  expect(sent).toHaveLength(4)
  expect(events.at(-1)).toMatchObject({ gaveUp: true })
  tell(capacityEvent('Healthy'))
  await clock.advance(60_000)
  expect(sent.at(-1)?.[2].notices[0]?.reason).toBe('BackendRecovered')
})

test('what is refused for good is not tried again', async () => {
  const { clock, sent, events, counts, tell } = rig(['ops'], () => ({
    state: 'refused',
    why: 'it answers with status 404',
    isFinal: true,
  }))
  tell(capacityEvent('Empty'))
  await clock.advance(600_000)
  expect(sent).toHaveLength(1)
  expect(counts).toEqual(['Webhook dropped'])
  expect(events).toMatchObject([{ gaveUp: true }])
})

test('while one message is under way, others are gathered', async () => {
  const answers: ((sent: Sent) => void)[] = []
  const { clock, sent, tell } = rig(['ops'], () => new Promise((resolve) => answers.push(resolve)))
  tell(capacityEvent('Empty'))
  await clock.advance(5000)
  for (const name of ['b', 'c', 'd']) {
    tell(capacityEvent('Empty', name))
    await clock.advance(10_000)
  }
  expect(sent).toHaveLength(1)
  answers[0]?.({ state: 'taken' })
  await clock.advance(0)
  expect(sent[1]?.[2].notices.map((n) => n.object)).toEqual(
    ['b', 'c', 'd'].map((name) => `Backend/default/${name}`),
  )
})

test('a receiver that hangs delays no other', async () => {
  const { clock, sent, tell } = rig(['hangs', 'ops'], (name) =>
    name === 'hangs' ? never() : { state: 'taken' },
  )
  tell(capacityEvent('Empty'))
  await clock.advance(5000)
  tell(capacityEvent('Healthy'))
  await clock.advance(5000)
  expect(sent.filter(([name]) => name === 'ops').map(([, atMs]) => atMs)).toEqual([5000, 10_000])
  expect(sent.filter(([name]) => name === 'hangs')).toHaveLength(1)
})

test('a topic that is not asked for is not told', async () => {
  const { clock, sent, tell } = rig(['ops'], () => ({ state: 'taken' }))
  tell({ type: 'guard-stopped', guard: 'takeover', message: 'm' })
  await clock.advance(600_000)
  expect(sent).toEqual([])
})

test('after the end nothing is sent, nor waited for', async () => {
  let signalled: AbortSignal | undefined
  const { clock, notifier, sent, tell } = rig(['ops'], (_name, _attempt, signal) => {
    signalled = signal
    return never()
  })
  tell(capacityEvent('Empty'))
  await clock.advance(5000)
  tell(capacityEvent('Empty', 'b'))
  notifier.close()
  tell(capacityEvent('Empty', 'c'))
  await clock.advance(600_000)
  expect(signalled?.aborted).toBe(true)
  expect(sent).toHaveLength(1)
  expect(clock.waits).toEqual([])
})

describe('over a restart', () => {
  const WELL: Event = { type: 'pass-ended', result: 'in-sync', tookMs: 1 }
  const taken = (): Sent => ({ state: 'taken' })

  async function toldOf(...names: readonly string[]): Promise<Beliefs> {
    const { clock, kept, tell } = rig(['ops'], taken)
    for (const name of names) tell(capacityEvent('Empty', name))
    await clock.advance(5000)
    return kept.at(-1) ?? new Map()
  }

  test('what stands is not told again; what is over by then is told to be so', async () => {
    const before = await toldOf('a', 'b', 'c')
    const { clock, sent, kept, tell } = rig(['ops'], taken, before)
    tell(capacityEvent('Empty', 'a'))
    tell(capacityEvent('BelowMinimum', 'b'))
    tell(WELL)
    await clock.advance(4000)
    tell({ ...WELL, result: 'failed' })
    tell(WELL)
    tell(WELL)
    await clock.advance(60_000)
    const said = sent.flatMap(([, , { notices }]) => notices.map((n) => `${n.object} ${n.reason}`))
    expect(said.toSorted()).toEqual([
      'Backend/default/b BackendBelowMinimum',
      'Backend/default/c Over',
    ])
    expect(
      kept
        .at(-1)
        ?.get('ops')
        ?.map((b) => b.object),
    ).toEqual(['a', 'b'].map((name) => `Backend/default/${name}`))
  })

  test('another receiver of that name, or none, is no trouble', async () => {
    const before = await toldOf('a')
    const { clock, sent, tell } = rig(['chat'], taken, before)
    tell(WELL)
    tell(WELL)
    await clock.advance(60_000)
    expect(sent).toEqual([])
  })

  test('the recovery of what was told before is told', async () => {
    const { clock, sent, tell } = rig(['ops'], taken, await toldOf('a'))
    tell(capacityEvent('Empty', 'a'))
    await clock.advance(60_000)
    tell(capacityEvent('Healthy', 'a'))
    await clock.advance(60_000)
    expect(sent.map(([, , { notices }]) => notices[0]?.reason)).toEqual(['BackendRecovered'])
  })
})
