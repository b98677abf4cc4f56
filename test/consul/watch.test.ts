import { expect, test } from 'vitest'
import type { Asked, ReadEvent } from '../../src/consul/watch-read.ts'
import { FollowedQuestion } from '../../src/consul/watch.ts'
import { fakeClock } from '../fakes/clock.ts'

const RULES = { waitMs: 240_000, timeoutMs: 10_000 }
const FAILED: ReadEvent = {
  type: 'failed',
  kind: 'away',
  failure: { reason: 'interrupted', message: 'let go of', transient: true },
}

/** Readings that end when the test says so. */
function startWatch() {
  const clock = fakeClock()
  const readings: { asked: Asked; end: (event: ReadEvent) => void }[] = []
  const told: string[] = []
  const watch = new FollowedQuestion(
    { service: 'web' },
    {
      clock,
      read: (asked) => new Promise((end) => readings.push({ asked, end })),
      rules: () => RULES,
      onChange: (key) => told.push(key),
      onAway: (isAway) => told.push(isAway ? 'away' : 'not away'),
      onReachable: () => told.push('reachable'),
      onBusy: () => told.push('busy'),
    },
  )
  watch.send({ type: 'due' })
  return { clock, readings, told, watch }
}

test('what a reading says that was let go of counts no longer, even when another is under way', async () => {
  const { clock, readings, told, watch } = startWatch()
  watch.send({ type: 'moved' })
  await clock.advance(0)
  expect(readings.map(({ asked }) => asked.signal.aborted)).toEqual([true, false])
  readings[0]?.end(FAILED)
  await clock.advance(0)
  expect(watch.status().failures).toBe(0)
  expect(told).toEqual([])
  readings[1]?.end(FAILED)
  await clock.advance(0)
  expect(watch.status()).toMatchObject({ failures: 1, failure: FAILED.failure })
  expect(told).toEqual([watch.key, 'away'])
})

test('an end lets go of the reading under way, or of the timer, and is away no longer', async () => {
  const { clock, readings, told, watch } = startWatch()
  watch.send({ type: 'end' })
  expect(readings[0]?.asked.signal.aborted).toBe(true)
  readings[0]?.end(FAILED)
  await clock.advance(300_000)
  expect(readings).toHaveLength(1)
  const resting = startWatch()
  resting.readings[0]?.end(FAILED)
  await resting.clock.advance(0)
  resting.watch.send({ type: 'end' })
  expect(resting.clock.waits).toEqual([])
  expect([...told, ...resting.told]).toEqual([resting.watch.key, 'away', 'not away'])
})

test('a failure tells the next reading when it was; a success makes it forgotten', async () => {
  const { clock, readings, told, watch } = startWatch()
  await clock.advance(5_000)
  readings[0]?.end(FAILED)
  await clock.advance(1_000)
  expect(readings[1]?.asked.failedMs).toBe(5_000)
  const answer = { state: 'answered', instances: [] } as const
  readings[1]?.end({ type: 'answered', answer, index: 7n, leaderless: false })
  await clock.advance(1_000)
  expect(readings[2]?.asked).toMatchObject({ failedMs: undefined, index: 7n, known: answer })
  expect(told).toEqual([watch.key, 'away', watch.key, 'not away', 'reachable'])
  expect(watch.entry?.answer).toBe(answer)
})
