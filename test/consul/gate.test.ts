import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/cli/clock.ts'
import { Gate } from '../../src/consul/gate.ts'

const { signal } = new AbortController()

/** What happened, in order; names of those that went on. */
function watched(gate: Gate): { readonly went: string[]; behind(name: string): Promise<void> } {
  const went: string[] = []
  return {
    went,
    behind: async (name) => {
      await gate.waitBehind(signal)
      went.push(name)
    },
  }
}

test('who is in no haste goes behind those who wait to enter, then in order', async () => {
  const gate = new Gate(1, systemClock)
  const { went, behind } = watched(gate)
  await gate.enter(signal)
  const second = gate.enter(signal)
  const all = Promise.all([behind('a'), behind('b'), behind('c')])
  await pause(20)
  expect(went).toEqual([])
  gate.leave()
  await second
  await all
  expect(went).toEqual(['a', 'b', 'c'])
})

test('many leave time to others', async () => {
  const { went, behind } = watched(new Gate(1, systemClock))
  const begunMs = performance.now()
  await Promise.all(Array.from({ length: 52 }, (_, i) => behind(String(i))))
  expect(went).toHaveLength(52)
  // Two milliseconds for each of twenty, which a clock may take for a little less.
  expect(performance.now() - begunMs).toBeGreaterThanOrEqual(30)
})

test('never at once, whoever is there', async () => {
  const { went, behind } = watched(new Gate(1, systemClock))
  const gone = behind('a')
  await Promise.resolve()
  expect(went).toEqual([])
  await gone
})

test('who is inside for long, with nobody behind, holds nobody', async () => {
  const gate = new Gate(1, systemClock)
  const { went, behind } = watched(gate)
  await gate.enter(signal)
  const begunMs = performance.now()
  await behind('a')
  expect(went).toEqual(['a'])
  expect(performance.now() - begunMs).toBeLessThan(1000)
})

test('those who wait to enter hold the others for a while only', async () => {
  const gate = new Gate(1, systemClock)
  const { went, behind } = watched(gate)
  await gate.enter(signal)
  void gate.enter(signal)
  await Promise.all([behind('a'), behind('b')])
  expect(went).toEqual(['a', 'b'])
})

test('who is given up goes on, and holds nobody', async () => {
  const gate = new Gate(1, systemClock)
  const given = new AbortController()
  await gate.enter(signal)
  void gate.enter(signal)
  const gone = gate.waitBehind(given.signal)
  await pause(20)
  const begunMs = performance.now()
  given.abort()
  await gone
  expect(performance.now() - begunMs).toBeLessThan(1000)
})
