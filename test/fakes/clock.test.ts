import { expect, test } from 'vitest'
import { fakeClock } from './clock.ts'

test('timers run in order of their time, then of their setting, and only when due', async () => {
  const clock = fakeClock()
  const ran: string[] = []
  clock.after(20, () => ran.push(`c at ${clock.monotonicMs()}`))
  clock.after(10, () => ran.push(`a at ${clock.monotonicMs()}`))
  clock.after(10, () => ran.push(`b at ${clock.monotonicMs()}`))
  await clock.advance(9)
  expect(ran).toEqual([])
  expect(clock.waits).toEqual([1, 1, 11])
  await clock.advance(11)
  expect(ran).toEqual(['a at 10', 'b at 10', 'c at 20'])
})

test('what a timer sets, itself or after promises, runs in the same advance when due', async () => {
  const clock = fakeClock()
  const ran: number[] = []
  const tick = async (): Promise<void> => {
    ran.push(clock.monotonicMs())
    await Promise.resolve()
    clock.after(100, () => void tick())
  }
  clock.after(100, () => void tick())
  await clock.advance(350)
  expect(ran).toEqual([100, 200, 300])
  expect(clock.monotonicMs()).toBe(350)
})

test('a timer that was called off does not run', async () => {
  const clock = fakeClock()
  const ran: string[] = []
  const off = clock.after(10, () => ran.push('off'))
  clock.after(5, off)
  await clock.advance(20)
  expect(ran).toEqual([])
  expect(clock.waits).toEqual([])
})

test('a jump of the date moves no timer', async () => {
  const clock = fakeClock()
  const before = clock.dateMs()
  clock.after(10, () => {})
  clock.jumpDate(-86_400_000)
  expect(clock.waits).toEqual([10])
  await clock.advance(10)
  expect(clock.dateMs()).toBe(before - 86_400_000 + 10)
})
