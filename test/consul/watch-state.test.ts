import { expect, test } from 'vitest'
import type { Answered } from '../../src/consul/canonical.ts'
import {
  freshWatch,
  step,
  type FailureKind,
  type Rules,
  type Step,
  type Todo,
  type WatchEvent,
  type WatchState,
} from '../../src/consul/watch-state.ts'
import type { Instance } from '../../src/model/catalog.ts'
import type { Failure } from '../../src/model/failure.ts'

const RULES: Rules = { waitMs: 240_000, timeoutMs: 10_000 }
const DATE_MS = 1_800_000_000_000

/** A watch and the time, moved on by events; a rest passes at once. */
class Walk {
  atMs = 0
  chance = 0.5
  rules = RULES
  state: WatchState = freshWatch(0)

  peek(event: WatchEvent): Step {
    const { atMs, chance, rules } = this
    return step(this.state, event, { atMs, dateMs: DATE_MS + atMs, chance, rules })
  }

  send(event: WatchEvent): Todo {
    const next = this.peek(event)
    this.state = next.state
    return next.todo
  }

  /** Rests until due, then reads: what the reading is. */
  read(): Todo {
    const { phase } = this.state
    if (phase.name === 'resting') this.atMs = Math.max(this.atMs, phase.untilMs)
    return this.send({ type: 'due' })
  }

  /** The answer comes `tookMs` after it was asked for: what is done next. */
  answer(answer: Answered, index: bigint | undefined, tookMs = 10_000, leaderless = false): Todo {
    this.atMs += tookMs
    return this.send({ type: 'answered', answer, index, leaderless })
  }

  fail(kind: FailureKind = 'away', tookMs = 10_000): Todo {
    this.atMs += tookMs
    return this.send({ type: 'failed', failure: FAILURE, kind })
  }
}

const FAILURE: Failure = { reason: 'consul-unreachable', message: 'gone', transient: true }

function instances(...ids: readonly string[]): Answered {
  const common = { node: 'n', datacenter: 'dc1', address: '10.0.0.1', port: 1, tags: [] }
  const weights = { passing: 1, warning: 1 }
  return {
    state: 'answered',
    instances: ids.map((id): Instance => ({ ...common, id, weights, checks: [] })),
  }
}

const THREE = instances('a', 'b', 'c')
const NONE = instances()

/** Three instances known at index 57, the next blocking query under way. */
function knowing(answer: Answered = THREE): Walk {
  const walk = new Walk()
  walk.read()
  walk.answer(answer, 57n)
  expect(walk.read()).toMatchObject({ type: 'read', index: 57n })
  return walk
}

test('the first reading has no index and a short deadline; then it blocks from the index on', () => {
  const walk = new Walk()
  expect(walk.read()).toEqual({ type: 'read', index: 0n, deadlineMs: 10_000 })
  expect(walk.answer(THREE, 57n)).toEqual({ type: 'rest', ms: 0 })
  expect(walk.read()).toEqual({ type: 'read', index: 57n, deadlineMs: 265_000 })
  expect(walk.state).toMatchObject({ known: THREE, lastSuccessMs: DATE_MS + 10_000 })
})

test('an index beyond what a float can hold is kept to the last digit', () => {
  const walk = new Walk()
  walk.read()
  walk.answer(THREE, 18_446_744_073_709_551_615n)
  expect(walk.read()).toMatchObject({ index: 18_446_744_073_709_551_615n })
})

test.each([undefined, 0n, -1n])('an index of %s counts as 1', (index) => {
  const walk = new Walk()
  walk.read()
  walk.answer(THREE, index)
  expect(walk.state.known).toBe(THREE)
  expect(walk.read()).toMatchObject({ index: 1n })
})

test('an index that went backwards: the body is dropped and read again without an index', () => {
  const walk = knowing()
  const two = instances('a', 'b')
  walk.answer(two, 12n)
  expect(walk.state.known).toBe(THREE)
  expect(walk.read()).toMatchObject({ type: 'read', index: 0n })
})

test('after an index that went backwards, as many instances are believed at once', () => {
  const walk = knowing()
  const others = instances('d', 'e', 'f')
  walk.answer(others, 12n)
  walk.read()
  walk.answer(others, 12n)
  expect(walk.state).toMatchObject({ known: others, doubt: undefined, index: 12n })
})

test('after an index that went backwards, fewer instances are doubted', () => {
  const walk = knowing()
  walk.answer(NONE, 12n)
  walk.read()
  const two = instances('a', 'b')
  expect(walk.answer(two, 12n)).toEqual({ type: 'rest', ms: 2_000 })
  expect(walk.state.known).toBe(THREE)
})

test('fewer at a lower index are doubted even when a failure was between', () => {
  const walk = knowing()
  walk.fail()
  walk.read()
  expect(walk.answer(instances('a'), 12n)).toEqual({ type: 'rest', ms: 2_000 })
})

test('fewer at a higher index are what happens every day', () => {
  const walk = knowing()
  const one = instances('a')
  walk.answer(one, 58n)
  expect(walk.state).toMatchObject({ known: one, doubt: undefined })
})

test('an empty list where instances were known is read again after 2 s and 5 s, then believed', () => {
  const walk = knowing()
  expect(walk.answer(NONE, 58n)).toEqual({ type: 'rest', ms: 2_000 })
  expect(walk.read()).toEqual({ type: 'read', index: 0n, deadlineMs: 10_000 })
  expect(walk.answer(NONE, 58n)).toEqual({ type: 'rest', ms: 5_000 })
  expect(walk.read()).toMatchObject({ index: 0n })
  expect(walk.state.known).toBe(THREE)
  const lastSuccessMs = walk.state.lastSuccessMs
  walk.answer(instances(), 58n)
  expect(walk.state).toMatchObject({ known: NONE, doubt: undefined, index: 58n })
  expect(walk.state.lastSuccessMs).toBeGreaterThan(lastSuccessMs ?? 0)
})

test('an empty list that the second look does not confirm never was', () => {
  for (const looks of [1, 2]) {
    const walk = knowing()
    walk.answer(NONE, 58n)
    for (let look = 1; look < looks; look += 1) {
      walk.read()
      walk.answer(NONE, 58n)
    }
    walk.read()
    walk.answer(THREE, 59n)
    expect(walk.state).toMatchObject({ known: THREE, doubt: undefined, index: 59n })
  }
})

test('two looks that do not agree are followed by a third', () => {
  const walk = knowing()
  walk.answer(NONE, 12n)
  const looks = [instances('a'), NONE, instances('b')].map((look) => {
    walk.read()
    return [walk.answer(look, 12n), walk.state.known]
  })
  expect(looks).toEqual([
    [{ type: 'rest', ms: 2_000 }, THREE],
    [{ type: 'rest', ms: 5_000 }, THREE],
    [{ type: 'rest', ms: 5_000 }, THREE],
  ])
  walk.read()
  walk.answer(instances('b'), 12n)
  expect(walk.state.known).toEqual(instances('b'))
})

test('a failure while confirming begins the confirmation anew', () => {
  const walk = knowing()
  walk.answer(NONE, 58n)
  walk.read()
  walk.answer(NONE, 58n)
  walk.read()
  walk.fail()
  expect(walk.state.doubt).toBeUndefined()
  walk.read()
  expect(walk.answer(NONE, 58n)).toEqual({ type: 'rest', ms: 2_000 })
  expect(walk.state.known).toBe(THREE)
})

test('an empty list is believed at once where nothing else was known', () => {
  const walk = new Walk()
  walk.read()
  walk.answer(NONE, 58n)
  expect(walk.state.known).toBe(NONE)
})

test('a server without a leader is doubted whatever it says, unless it says what is known', () => {
  const first = new Walk()
  first.read()
  expect(first.answer(THREE, 57n, 1, true)).toEqual({ type: 'rest', ms: 2_000 })
  expect(first.state.known).toBeUndefined()
  const walk = knowing()
  walk.answer(instances('a', 'b', 'c', 'd'), 58n, 10_000, true)
  expect(walk.state).toMatchObject({ known: THREE, doubt: {} })
  walk.read()
  walk.answer(THREE, 57n, 10_000, true)
  expect(walk.state).toMatchObject({ known: THREE, doubt: undefined })
})

test('a failure keeps what is known, drops the index and rests with jitter, longer each time', () => {
  const walk = knowing()
  walk.chance = 1
  const rests = Array.from({ length: 12 }, () => {
    const todo = walk.fail()
    expect(walk.read()).toMatchObject({ type: 'read', index: 0n })
    return todo
  })
  expect(rests.slice(0, 3)).toEqual([250, 500, 1_000].map((ms) => ({ type: 'rest', ms })))
  expect(rests.at(-1)).toEqual({ type: 'rest', ms: 60_000 })
  expect(walk.state).toMatchObject({ known: THREE, failures: 12, failure: { failure: FAILURE } })
  walk.answer(THREE, 57n)
  expect(walk.state).toMatchObject({ failures: 0, failure: undefined })
})

test('failing at once does not beat the bucket', () => {
  const walk = new Walk()
  walk.chance = 0
  const began: number[] = []
  for (let i = 0; i < 6; i += 1) {
    walk.read()
    began.push(walk.atMs)
    walk.fail('away', 0)
  }
  expect(began).toEqual([0, 0, 1_000, 2_000, 3_000, 4_000])
})

test('a Consul that has too much to do is left alone for 5 s and more; a wrong question for half a minute', () => {
  const walk = knowing()
  walk.chance = 0
  expect(walk.fail('busy')).toEqual({ type: 'rest', ms: 5_000 })
  walk.read()
  expect(walk.fail('question')).toEqual({ type: 'rest', ms: 30_000 })
})

test('when another question is answered again, an absent Consul is asked within a second', () => {
  const walk = knowing()
  walk.chance = 0.999
  for (let i = 0; i < 10; i += 1) {
    walk.fail()
    walk.read()
  }
  expect(walk.fail()).toEqual({ type: 'rest', ms: 59_940 })
  walk.chance = 0.5
  expect(walk.send({ type: 'reachable' })).toEqual({ type: 'rest', ms: 500 })
  expect(walk.send({ type: 'reachable' })).toEqual({ type: 'nothing' })
  walk.read()
  walk.fail('busy')
  expect(walk.send({ type: 'reachable' })).toEqual({ type: 'nothing' })
})

test('over other connections the same question goes on from the same index', () => {
  const walk = knowing()
  walk.atMs += 60_000
  expect(walk.send({ type: 'moved' })).toEqual({ type: 'rest', ms: 0 })
  expect(walk.send({ type: 'moved' })).toEqual({ type: 'nothing' })
  expect(walk.read()).toMatchObject({ index: 57n })
})

test('where blocking is not possible, it is asked in turn, without an index', () => {
  const walk = knowing()
  walk.rules = { ...RULES, pollMs: 10_000 }
  walk.chance = 0
  expect(walk.answer(THREE, 57n)).toEqual({ type: 'rest', ms: 7_500 })
  expect(walk.read()).toEqual({ type: 'read', index: 0n, deadlineMs: 10_000 })
  walk.chance = 1
  expect(walk.answer(THREE, 57n)).toEqual({ type: 'rest', ms: 12_500 })
  walk.rules = RULES
  expect(walk.read()).toMatchObject({ index: 57n })
})

test('every event in every state: what does not fit changes nothing, and the end is the end', () => {
  const events: readonly WatchEvent[] = [
    { type: 'due' },
    { type: 'answered', answer: NONE, index: 1n, leaderless: true },
    { type: 'failed', failure: FAILURE, kind: 'away' },
    { type: 'reachable' },
    { type: 'moved' },
    { type: 'end' },
  ]
  const ended = knowing()
  expect(ended.send({ type: 'end' })).toEqual({ type: 'end' })
  const resting = knowing()
  resting.answer(THREE, 58n)
  const reading = knowing()
  const ignored = (walk: Walk): string[] =>
    events.flatMap((event) => {
      const { state, todo } = walk.peek(event)
      return state === walk.state && todo.type === 'nothing' ? [event.type] : []
    })
  expect(ignored(ended)).toEqual(events.map(({ type }) => type))
  expect(ignored(resting)).toEqual(['answered', 'failed', 'reachable', 'moved'])
  expect(ignored(reading)).toEqual(['due', 'reachable'])
})
