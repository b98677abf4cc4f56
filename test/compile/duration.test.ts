import { expect, test } from 'vitest'
import { durationMs } from '../../src/compile/duration.ts'

test.each([
  ['5s', 5000],
  ['250ms', 250],
  ['1h30m', 5_400_000],
  ['1m1ms', 60_001],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms)
})
