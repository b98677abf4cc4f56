import { expect, test } from 'vitest'
import {
  countReload,
  forgetWish,
  gateWaitMs,
  openGate,
  wantReload,
} from '../../src/reconcile/reload-gate.ts'

const limits = { quietMs: 2000, maxMs: 15_000, burst: 3, everyMs: 5000, oldWorkers: 8 }

test('the first reload is free', () => {
  expect(gateWaitMs(wantReload(openGate(limits), 0), 0, 0, limits)).toBe(0)
})

test('the next one waits until it is quiet, and at most maxMs', () => {
  let gate = countReload(wantReload(openGate(limits), 1000), 1000, limits)
  gate = wantReload(gate, 1500)
  expect(gateWaitMs(gate, 0, 1500, limits)).toBe(2000)
  for (let at = 2000; at <= 15_000; at += 500) gate = wantReload(gate, at)
  expect(gateWaitMs(gate, 0, 15_000, limits)).toBe(1500)
  expect(gateWaitMs(gate, 0, 16_500, limits)).toBe(0)
})

test('a change long after the last reload is not put off', () => {
  const gate = countReload(wantReload(openGate(limits), 0), 0, limits)
  expect(gateWaitMs(wantReload(gate, 2000), 0, 2000, limits)).toBe(0)
})

test('the bucket: three, then one every five seconds', () => {
  let gate = openGate(limits)
  for (const at of [0, 2000, 4000]) {
    gate = wantReload(gate, at)
    expect(gateWaitMs(gate, 0, at, limits)).toBe(0)
    gate = countReload(gate, at, limits)
  }
  gate = wantReload(gate, 6000)
  // 3 tokens and 4 s of refill, less 3 reloads; 2 s more since.
  expect(gateWaitMs(gate, 0, 6000, limits)).toBe(0)
  gate = countReload(gate, 6000, limits)
  gate = wantReload(gate, 8000)
  expect(gateWaitMs(gate, 0, 8000, limits)).toBe(2000)
})

test('old workers hold the next reload back', () => {
  const gate = wantReload(openGate(limits), 0)
  expect(gateWaitMs(gate, 7, 0, limits)).toBe(0)
  expect(gateWaitMs(gate, 8, 0, limits)).toBe(1000)
})

test('a wish that is granted otherwise is forgotten', () => {
  const gate = countReload(wantReload(openGate(limits), 0), 0, limits)
  expect(forgetWish(wantReload(gate, 100)).wanted).toBeUndefined()
})
