import { expect, test } from 'vitest'
import {
  backoffMs,
  freshPace,
  longBackoffMs,
  noteWake,
  paceWaitMs,
  spend,
  type Pace,
} from '../../src/consul/watch-pace.ts'

/** When readings begin, of a question that Consul answers `tookMs` after it was asked. */
function readings(count: number, tookMs: number, isNew: boolean): number[] {
  let pace = freshPace(0)
  let atMs = 0
  return Array.from({ length: count }, () => {
    atMs += paceWaitMs(pace, atMs)
    const beganMs = atMs
    pace = spend(pace, atMs)
    atMs += tookMs
    pace = noteWake(pace, tookMs, isNew, atMs)
    return beganMs
  })
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - (times[i] ?? 0))
}

test('two readings at once, then one a second, for as long as they bring something new', () => {
  expect(gaps(readings(8, 0, true))).toEqual([0, 1000, 1000, 1000, 1000, 1000, 1000])
})

test('a wake after some quiet is answered at once', () => {
  expect(gaps(readings(5, 3_000, false))).toEqual([3000, 3000, 3000, 3000])
})

test('wakes for nothing are asked for more and more seldom, down to one in 15 s', () => {
  const seen = gaps(readings(16, 1, false))
  expect(seen.slice(0, 4)).toEqual([1, 1000, 1000, 1000])
  expect(seen.slice(-3)).toEqual([15_000, 15_000, 15_000])
  expect(seen.slice(4).every((gap, i, all) => i === 0 || gap >= (all[i - 1] ?? 0))).toBe(true)
})

test('one answer that is new, or one that took its time, brings the old pace back', () => {
  let slow: Pace = freshPace(0)
  for (let i = 0; i < 20; i += 1) slow = noteWake(slow, 1, false, 0)
  const empty = spend(spend(slow, 0), 0)
  expect(paceWaitMs(empty, 0)).toBe(15_000)
  expect(paceWaitMs(noteWake(empty, 1, true, 0), 0)).toBe(1_000)
  expect(paceWaitMs(noteWake(empty, 2_000, false, 0), 0)).toBe(1_000)
})

test('back-off has full jitter between 0 and a ceiling that doubles from 250 ms to 60 s, for ever', () => {
  expect([1, 2, 3, 8, 9, 10, 5_000].map((failures) => backoffMs(failures, 1))).toEqual([
    250, 500, 1_000, 32_000, 60_000, 60_000, 60_000,
  ])
  expect(backoffMs(9, 0)).toBe(0)
  expect(backoffMs(9, 0.5)).toBe(30_000)
  expect([longBackoffMs(0), longBackoffMs(1)]).toEqual([30_000, 60_000])
})
