/** A feed that shares connections: over HTTP/2, or in turn where that is not offered. */
import { beforeAll, expect, test } from 'vitest'
import type { FakeService } from '../fakes/consul-service.ts'
import type { FakeOptions } from '../fakes/consul.ts'
import { questions, startRig, until, type FeedRig } from './feed-rig.ts'
import { makeTlsPair, type TlsPair } from './tls-pair.ts'

let pair: TlsPair

beforeAll(async () => {
  pair = await makeTlsPair()
})

async function crowd(
  count: number,
  fake: FakeOptions,
): Promise<{ rig: FeedRig; services: FakeService[] }> {
  const rig = await startRig({ feed: { maxConnections: 10 }, fake: { tls: pair, ...fake } })
  const services = questions(count).map(({ service }) => rig.serve(service, ['a']))
  rig.feed.follow(questions(count))
  return { rig, services }
}

function allWait(services: readonly FakeService[]): boolean {
  return services.every(({ waiting }) => waiting.size === 1)
}

test('more questions than connections share HTTP/2, and every change is seen at once', async () => {
  const { rig, services } = await crowd(30, { http2: { maxStreams: 12 } })
  await rig.pass(() => allWait(services))
  expect(rig.consul.connections.opened).toBe(3)
  const nowMs = rig.clock.monotonicMs()
  for (const service of services) service.set(['a', 'b'])
  await until(() => questions(30).every(({ service }) => rig.known(service) === 'a b'))
  expect(rig.clock.monotonicMs()).toBe(nowMs)
  await rig.pass(() => allWait(services))
  expect(rig.consul.connections.opened).toBe(3)
  expect(rig.feed.watches().some(({ polled }) => polled)).toBe(false)
})

test('a crowd that comes later moves to HTTP/2 with its indexes', async () => {
  const { rig, services } = await crowd(10, { http2: { maxStreams: 100 } })
  await rig.pass(() => allWait(services))
  expect(rig.consul.connections.open).toBe(10)
  const later = questions(30)
    .slice(10)
    .map(({ service }) => rig.serve(service, ['a']))
  rig.feed.follow(questions(30))
  await rig.pass(() => allWait([...services, ...later]))
  await until(() => rig.consul.connections.open === 1)
  expect(rig.asked('s0')).toEqual(['plain', 'index=10', 'index=10'])
  expect(rig.feed.watches().every(({ failures }) => failures === 0)).toBe(true)
})

test('where HTTP/2 is not offered, all are asked in turn, and nothing ever failed', async () => {
  const { rig, services } = await crowd(30, {})
  await rig.pass(() => rig.feed.current().size === 30)
  expect(rig.changes).toHaveLength(30)
  expect(rig.feed.watches().every(({ failures, polled }) => failures === 0 && polled)).toBe(true)
  services[3]?.set(['a', 'b'])
  await rig.pass(() => rig.known('s3') === 'a b')
})

test('an agent that dies under many streams: all of them fail, are kept and come back', async () => {
  const { rig, services } = await crowd(30, { http2: { maxStreams: 100 } })
  await rig.pass(() => allWait(services))
  const catalog = rig.feed.current()
  rig.consul.dropAll()
  await until(() => rig.feed.watches().every(({ failures }) => failures === 1))
  await rig.pass(() => allWait(services))
  expect(rig.feed.watches().every(({ failures }) => failures === 0)).toBe(true)
  expect([...rig.feed.current()]).toEqual([...catalog])
  for (const [key, entry] of rig.feed.current()) expect(entry).toBe(catalog.get(key))
})

test('asked to go away, a feed takes its time: no query is lost', async () => {
  const { rig, services } = await crowd(30, { http2: { maxStreams: 100 } })
  await rig.pass(() => allWait(services))
  rig.consul.sendAway()
  await rig.clock.advance(20_000)
  expect(allWait(services)).toBe(true)
  for (const service of services) service.set(['b'])
  await rig.pass(() => allWait(services))
  await until(() => rig.consul.connections.open === 1)
  expect(rig.consul.connections.opened).toBe(2)
  expect(rig.feed.watches().every(({ failures }) => failures === 0)).toBe(true)
  expect(rig.known('s29')).toBe('b')
})
