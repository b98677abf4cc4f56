/** How late the event loop is: what is told of it. */
import { afterEach, expect, test, vi } from 'vitest'
import { followLoopDelay } from '../../src/report/loop-delay.ts'

afterEach(() => vi.useRealTimers())

test('a loop in time is told as such; a long wait counts for all that would have waited', () => {
  vi.useFakeTimers()
  let atMs = 0
  const told: number[] = []
  followLoopDelay(
    (ms) => told.push(ms),
    () => atMs,
  )
  const tick = (tookMs: number): void => {
    atMs += tookMs
    vi.advanceTimersByTime(100)
  }
  for (const tookMs of [100, 99.6, 101, 350, 100]) tick(tookMs)
  expect(told).toEqual([0, 0, 1, 250, 150, 50, 0])
})
