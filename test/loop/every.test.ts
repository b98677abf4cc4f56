import { expect, test } from 'vitest'
import { every } from '../../src/cli/every.ts'
import { fakeClock } from '../fakes/clock.ts'

test('again and again, until it is called off', async () => {
  const clock = fakeClock()
  const calls: number[] = []
  const callOff = every(clock, 1000, () => calls.push(clock.monotonicMs()))
  await clock.advance(3500)
  expect(calls).toEqual([1000, 2000, 3000])
  callOff()
  await clock.advance(5000)
  expect(calls).toHaveLength(3)
  expect(clock.waits).toEqual([])
})

test('who is called may call it off', async () => {
  const clock = fakeClock()
  let calls = 0
  const callOff = every(clock, 1000, () => {
    calls += 1
    callOff()
  })
  await clock.advance(5000)
  expect(calls).toBe(1)
})

test('0 is never', async () => {
  const clock = fakeClock()
  every(clock, 0, () => expect.unreachable())
  expect(clock.waits).toEqual([])
})
