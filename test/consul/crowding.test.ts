import { expect, test } from 'vitest'
import { Crowding } from '../../src/consul/crowding.ts'
import { fakeClock } from '../fakes/clock.ts'

/** So many questions wait for so long; then, at each of these times, a new one is reset: the verdicts. */
async function verdicts(
  old: number,
  oldMs: number,
  resetsMs: readonly number[],
): Promise<boolean[]> {
  const clock = fakeClock()
  const crowding = new Crowding(clock)
  for (let i = 0; i < old; i += 1) crowding.begin()
  await clock.advance(oldMs)
  const found: boolean[] = []
  for (const atMs of resetsMs) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    await clock.advance(oldMs + atMs - clock.monotonicMs())
    const question = crowding.begin()
    crowding.end(question)
    found.push(crowding.isLimit(question))
  }
  return found
}

test('three new connections reset, one after the other, while eight wait in peace: a limit', async () => {
  expect(await verdicts(8, 1_000, [0, 300, 600, 700])).toEqual([false, false, true, true])
})

test.each<[string, number, number, number[]]>([
  ['seven are too few', 7, 1_000, [0, 300, 600]],
  ['waiting for less than a second says nothing', 8, 300, [0, 200, 400]],
  ['resets of one moment are one', 8, 1_000, [0, 10, 20, 199]],
  ['resets of long ago are forgotten', 8, 1_000, [0, 15_000, 30_000]],
])('%s', async (_, old, oldMs, resetsMs) => {
  expect(await verdicts(old, oldMs, resetsMs)).not.toContain(true)
})

test('what has waited for long itself was not turned away: the agent has died', async () => {
  const clock = fakeClock()
  const crowding = new Crowding(clock)
  const all = Array.from({ length: 100 }, () => crowding.begin())
  await clock.advance(60_000)
  const found = []
  for (const question of all) {
    crowding.end(question)
    found.push(crowding.isLimit(question))
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    await clock.advance(250)
  }
  expect(found).not.toContain(true)
})
