/** After an outage nobody sleeps on: one small request tells all questions that Consul is back. */
import { expect, test } from 'vitest'
import type { Behaviour } from '../fakes/consul.ts'
import { startRig, until, type FeedRig } from './feed-rig.ts'

const LEADER = '/v1/status/leader'
const LED: Behaviour = { kind: 'answer', status: 200, body: '"127.0.0.1:8300"' }

/** `web` has been away for minutes; its next reading is as far off as can be. */
async function longAway(leader: Behaviour): Promise<{ rig: FeedRig; heal: () => void }> {
  const rig = await startRig({ chance: () => 0.999 })
  const service = rig.serve('web', ['a'])
  rig.consul.onPath(LEADER, leader)
  rig.feed.follow([{ service: 'web' }])
  await until(() => rig.known('web') === 'a')
  await rig.clock.advance(0)
  await rig.blocked(service)
  rig.consul.on('web', { kind: 'reset' })
  rig.consul.dropAll()
  await rig.pass(() => rig.watch('web').failures === 10, 500)
  return { rig, heal: () => rig.consul.on('web', service.behaviour) }
}

test.each<[string, Behaviour]>([
  ['is reset', { kind: 'reset' }],
  ['gets no answer', { kind: 'hang' }],
  ['is told that nobody leads', { kind: 'answer', status: 200, body: '""' }],
  ['gets a page of a captive proxy', { kind: 'answer', status: 200, body: '<html>' }],
  ['gets 500', { kind: 'answer', status: 500, body: '"127.0.0.1:8300"' }],
])('while the heartbeat %s Consul is away; then it is back within seconds', async (_, sick) => {
  const { rig, heal } = await longAway(sick)
  heal()
  rig.consul.onPath(LEADER, LED)
  // A beat that hangs ends by its deadline of 10 s.
  const mostMs = sick.kind === 'hang' ? 14_000 : 4_000
  expect(await rig.pass(() => rig.watch('web').failures === 0)).toBeLessThan(mostMs)
})

test('a Consul that answers others does not hurry a question with a fault of its own', async () => {
  const { rig } = await longAway(LED)
  expect(await rig.pass(() => rig.watch('web').failures === 11)).toBeGreaterThan(50_000)
})

test('it beats every two seconds while something fails, on no connection that stays', async () => {
  const { rig, heal } = await longAway(LED)
  const beats = (): number => rig.consul.asked.filter(({ url }) => url === LEADER).length
  const before = beats()
  await rig.pass(() => beats() === before + 3)
  await rig.pass(() => rig.consul.connections.open === 0)
  heal()
  await rig.pass(() => rig.watch('web').failures === 0)
  const last = beats()
  await rig.clock.advance(60_000)
  expect(beats()).toBe(last)
  expect(rig.consul.connections.open).toBe(1)
  await rig.feed.close()
  expect(rig.clock.waits).toEqual([])
})
