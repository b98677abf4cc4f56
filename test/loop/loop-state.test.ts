import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LoopEvent, LoopState } from '../../src/reconcile/loop-state.ts'
import { INITIAL, step } from '../../src/reconcile/loop-state.ts'

const windows = { quietMs: 200, maxMs: 1000 }
const go = (state: LoopState, event: LoopEvent, atMs: number): ReturnType<typeof step> =>
  step(state, event, atMs, windows)
const trigger = { type: 'trigger', reason: 'consul api' } as const

test('the first change runs at once', () => {
  expect(go(INITIAL, trigger, 5)).toEqual({
    state: { name: 'running' },
    todo: { type: 'run', reasons: ['consul api'] },
  })
})

test('what comes during a pass makes exactly one more', () => {
  let { state } = go(INITIAL, trigger, 0)
  for (let i = 0; i < 50; i += 1) ({ state } = go(state, trigger, 10 + i))
  expect(state.name).toBe('queued')
  const ended = go(state, { type: 'ended' }, 500)
  expect(ended.todo).toEqual({ type: 'wait', ms: 0 })
  const ran = go(ended.state, { type: 'due' }, 500)
  expect(ran.todo.type).toBe('run')
  expect(go(ran.state, { type: 'ended' }, 600)).toMatchObject({
    state: { name: 'idle' },
    todo: { type: 'nothing' },
  })
})

test('changes after a pass are gathered until it is quiet, at most maxMs', () => {
  const idle: LoopState = { name: 'idle', lastPassMs: 1000 }
  let now = 1050
  let current = go(idle, trigger, now)
  expect(current.todo).toEqual({ type: 'wait', ms: 200 })
  while (current.todo.type !== 'run' && now < 5000) {
    now += 100
    current = go(current.state, { type: 'due' }, now)
    if (current.todo.type !== 'run') current = go(current.state, trigger, now)
  }
  expect(now).toBe(2050)
})

test('a change long after a pass runs at once again', () => {
  expect(go({ name: 'idle', lastPassMs: 1000 }, trigger, 1200).todo.type).toBe('run')
})

test('a look runs when nothing else does, and the change after it does not wait', () => {
  const idle: LoopState = { name: 'idle', lastPassMs: 1000 }
  const looking = go(idle, { type: 'look' }, 1900)
  expect(looking.todo).toEqual({ type: 'run', reasons: ['look'] })
  const after = go(looking.state, { type: 'ended' }, 1950)
  expect(after.state).toEqual(idle)
  expect(go(after.state, trigger, 1960).todo.type).toBe('run')
  // What comes meanwhile is one more pass, and a pass that is due makes a look needless.
  const queued = go(looking.state, trigger, 1910)
  expect(queued.state.name).toBe('queued')
  for (const state of [queued.state, go(idle, trigger, 1050).state])
    expect(go(state, { type: 'look' }, 1920)).toEqual({ state, todo: { type: 'nothing' } })
})

test('a change during a look runs at once after it, unless a pass was just before', () => {
  const during = (lastPassMs: number): ReturnType<typeof step> => {
    const looking = go({ name: 'idle', lastPassMs }, { type: 'look' }, 1900)
    return go(go(looking.state, trigger, 1910).state, { type: 'ended' }, 1950)
  }
  expect(during(1000)).toEqual({
    state: { name: 'running' },
    todo: { type: 'run', reasons: ['consul api'] },
  })
  expect(during(1850).todo).toEqual({ type: 'wait', ms: 160 })
})

test('stop ends at once when nothing runs, and after the pass otherwise', () => {
  expect(go(INITIAL, { type: 'stop' }, 0).todo).toEqual({ type: 'end' })
  const stopping = go({ name: 'running' }, { type: 'stop' }, 0)
  expect(stopping).toEqual({
    state: { name: 'stopping', isLast: false },
    todo: { type: 'nothing' },
  })
  expect(go(stopping.state, trigger, 1).state.name).toBe('stopping')
  expect(go(stopping.state, { type: 'ended' }, 2).todo).toEqual({ type: 'end' })
})

test('where the file is behind the process, one more pass comes before the end, and only one', () => {
  const lagging = { type: 'ended', fileLags: true } as const
  const last = go(INITIAL, { type: 'stop', fileLags: true }, 0)
  expect(last.todo).toEqual({ type: 'run', reasons: ['stop'] })
  expect(go(last.state, lagging, 1).todo).toEqual({ type: 'end' })
  const stopping = go({ name: 'running' }, { type: 'stop' }, 0)
  const after = go(stopping.state, lagging, 1)
  expect(after.todo.type).toBe('run')
  expect(go(after.state, lagging, 2).todo).toEqual({ type: 'end' })
})

test('no change is ever forgotten, and never two passes at once', () => {
  const event = fc.oneof(
    fc.constant('trigger' as const),
    fc.constant('look' as const),
    fc.constant('due' as const),
    fc.constant('ended' as const),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(event, fc.integer({ min: 0, max: 400 })), { maxLength: 60 }),
      (events) => {
        let state = INITIAL
        let atMs = 0
        let unseen = 0
        let running = false
        const apply = (e: LoopEvent): void => {
          const next = go(state, e, atMs)
          ;({ state } = next)
          if (e.type === 'trigger') unseen += 1
          if (next.todo.type === 'run') {
            expect(running).toBe(false)
            running = true
            unseen = 0
          }
        }
        for (const [type, ms] of events) {
          atMs += ms
          if (type === 'trigger') apply(trigger)
          else if (type === 'due' || type === 'look') apply({ type })
          else if (running) {
            running = false
            apply({ type: 'ended' })
          }
        }
        // Whatever happened: let it come to rest, and nothing is left over.
        for (let i = 0; i < 4; i += 1) {
          atMs += 2000
          if (running) {
            running = false
            apply({ type: 'ended' })
          }
          atMs += 2000
          apply({ type: 'due' })
        }
        expect(unseen).toBe(0)
      },
    ),
  )
})
