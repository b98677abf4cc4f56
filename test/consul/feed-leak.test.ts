/** Thousands of watches begun and ended, in peace and in trouble: no descriptor stays open. */
import { readdirSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { inSoak } from '../daemon/durations.ts'
import { settle } from '../fakes/clock.ts'
import { FakeService } from '../fakes/consul-service.ts'
import type { Behaviour, FakeOptions } from '../fakes/consul.ts'
import { questions, startRig, until } from './feed-rig.ts'
import { makeTlsPair, type TlsPair } from './tls-pair.ts'

let pair: TlsPair

beforeAll(async () => {
  pair = await makeTlsPair()
})

/** One in five goes wrong, each in another way. */
const FAULTS: readonly Behaviour[] = [
  { kind: 'reset' },
  { kind: 'truncated', body: '[{' },
  { kind: 'hang' },
  { kind: 'answer', status: 500, body: 'No cluster leader' },
]

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

test.each<[string, () => FakeOptions, string]>([
  ['HTTP/1.1', () => ({}), 'http1'],
  ['HTTPS', () => ({ tls: pair }), 'http1'],
  ['HTTP/2', () => ({ tls: pair, http2: { maxStreams: 10 } }), 'http2'],
  ['a sweep', () => ({}), 'sweep'],
])('over %s', async (_, fake, transport) => {
  const rounds = inSoak(200, 80)
  const before = openDescriptors()
  const wish = transport === 'http1' || transport === 'http2' ? transport : 'sweep'
  const rig = await startRig({ fake: fake(), feed: { transport: wish } })
  const all = questions(20)
  const service = new FakeService(['a'])
  all.forEach(({ service: name }, i) =>
    rig.consul.on(
      name,
      i % 5 === 4 ? (FAULTS[(i - 4) / 5] ?? { kind: 'hang' }) : service.behaviour,
    ),
  )
  const listening = openDescriptors()
  for (let round = 0; round < rounds; round += 1) {
    rig.feed.follow(all.filter((__, i) => (i + round) % 3 !== 0))
    // Ended before the connection stands, in the middle of an answer, while Consul holds the query …
    for (let turn = 0; turn < round % 10; turn += 1)
      // oxlint-disable-next-line no-await-in-loop -- one round after the other is the point
      await settle()
    await rig.clock.advance((round % 4) * 500)
    if (round % 7 === 0) rig.consul.dropAll()
    if (round % 5 === 0) rig.feed.follow([])
  }
  // Two thirds of twenty, and most of them begun anew in every round.
  expect(rig.consul.asked.length).toBeGreaterThan(rounds * 5)
  rig.feed.follow([])
  await until(() => rig.consul.connections.open === 0 && openDescriptors() === listening)
  expect(rig.clock.waits).toEqual([])
  rig.feed.follow(all)
  await rig.pass(() => rig.feed.current().size > 15)
  await rig.feed.close()
  await rig.consul.stop()
  await until(() => openDescriptors() <= before)
})
