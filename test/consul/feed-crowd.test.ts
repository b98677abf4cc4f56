/** More questions than connections, and a Consul that asks for less. */
import { expect, test } from 'vitest'
import { chooseMode, pollMs, type Circumstances } from '../../src/consul/mode.ts'
import type { FakeService } from '../fakes/consul-service.ts'
import { questions, seeded, startRig, until, type FeedRig } from './feed-rig.ts'

const CROWD: Circumstances = {
  wish: 'auto',
  now: 'http1',
  questions: 150,
  connections: 150,
  offersHttp2: true,
}

test.each<[Partial<Circumstances>, string]>([
  [{}, 'http1'],
  [{ questions: 151 }, 'http2'],
  [{ questions: 151, offersHttp2: false }, 'sweep'],
  [{ questions: 121, now: 'http2' }, 'http2'],
  [{ questions: 120, now: 'http2' }, 'http1'],
  [{ questions: 121, now: 'sweep', offersHttp2: false }, 'sweep'],
  [{ questions: 121, now: 'sweep' }, 'http2'],
  [{ wish: 'sweep', questions: 1 }, 'sweep'],
  [{ wish: 'http1', questions: 1_000 }, 'http1'],
])('with %j: %s', (other, mode) => {
  expect(chooseMode({ ...CROWD, ...other })).toBe(mode)
})

test('a sweep asks everybody every 5 s, and nobody more than 100 questions a second', () => {
  expect([1, 500, 1_000, 10_000].map(pollMs)).toEqual([5_000, 5_000, 10_000, 100_000])
})

async function crowd(
  count: number,
  feed: NonNullable<Parameters<typeof startRig>[0]>['feed'] = {},
): Promise<{ rig: FeedRig; services: FakeService[] }> {
  const rig = await startRig({ feed })
  const services = questions(count).map(({ service }) => rig.serve(service, ['a']))
  rig.feed.follow(questions(count))
  await until(() => rig.feed.current().size === count)
  return { rig, services }
}

test('over plain HTTP more questions than connections are asked in turn', async () => {
  const { rig, services } = await crowd(60, { maxConnections: 50, startConcurrency: 8 })
  expect(rig.consul.connections.most).toBeLessThanOrEqual(8)
  expect(rig.watch('s7')).toMatchObject({ polled: true, lastSuccessMs: rig.clock.dateMs() })
  services[7]?.set(['a', 'b'])
  const tookMs = await rig.pass(() => rig.known('s7') === 'a b')
  expect(tookMs).toBeLessThanOrEqual(6_250)
  const asked = rig.consul.asked.length
  await rig.pass(() => rig.clock.monotonicMs() > 120_000, 500)
  const perQuestion = (rig.consul.asked.length - asked) / 60
  expect(perQuestion).toBeGreaterThan(15)
  expect(perQuestion).toBeLessThan(32)
  expect(rig.consul.asked.every(({ url }) => !url.includes('index='))).toBe(true)
  expect(rig.consul.connections).toMatchObject({ most: 8, opened: 8 })
})

test('a sweep that finds nothing keeps what was known, and its age shows', async () => {
  const { rig } = await crowd(60, { maxConnections: 50 })
  const answeredMs = rig.clock.dateMs()
  rig.consul.on('s3', { kind: 'answer', status: 500, body: '' })
  await rig.pass(() => rig.watch('s3').failures >= 2)
  expect(rig.known('s3')).toBe('a')
  expect(rig.watch('s3').lastSuccessMs).toBe(answeredMs)
})

test('when there are fewer questions again, each has its blocking query', async () => {
  const { rig, services } = await crowd(60, { maxConnections: 50 })
  rig.feed.follow(questions(41))
  await rig.pass(() => rig.clock.monotonicMs() > 20_000)
  expect(rig.consul.requests.now).toBe(0)
  rig.feed.follow(questions(40))
  await rig.pass(() => services.filter(({ waiting }) => waiting.size === 1).length === 40)
  expect(rig.watch('s7').polled).toBeUndefined()
})

test('when there are more questions all at once, those that block let go and are asked in turn', async () => {
  const { rig } = await crowd(50, { maxConnections: 50 })
  await rig.pass(() => rig.consul.requests.now === 50)
  for (const { service } of questions(60)) rig.serve(service, ['a'])
  rig.feed.follow(questions(60))
  await rig.pass(() => rig.feed.current().size === 60 && rig.consul.requests.now === 0)
  expect(rig.feed.watches().every(({ failures }) => failures === 0)).toBe(true)
})

test('no more connections than the settings allow, however few', async () => {
  const { rig } = await crowd(6, { maxConnections: 3 })
  await rig.pass(() => rig.clock.monotonicMs() > 30_000)
  expect(rig.watch('s0').polled).toBe(true)
  expect(rig.feed.watches().every(({ failures }) => failures === 0)).toBe(true)
  expect(rig.consul.connections.most).toBeLessThanOrEqual(3)
})

const BUSY = { kind: 'answer', status: 429, body: 'too many concurrent connections' } as const

test('429: fewer connections for ten minutes, then as many again', async () => {
  const { rig, services } = await crowd(10, { maxConnections: 13 })
  await rig.pass(() => rig.consul.requests.now === 10)
  const known = rig.answer('s0')
  rig.consul.on('s0', BUSY)
  services[0]?.wake()
  const busyMs = rig.clock.monotonicMs()
  const pauseMs = await rig.pass(() => rig.asked('s0').length === 4)
  expect(pauseMs).toBeGreaterThanOrEqual(5_000)
  // Three quarters of 13 are too few for 10.
  expect(rig.watch('s1').polled).toBe(true)
  expect(rig.answer('s0')).toBe(known)
  const [first] = services
  if (first !== undefined) rig.consul.on('s0', first.behaviour)
  await rig.pass(() => rig.consul.requests.now === 10, 1_000)
  expect(rig.clock.monotonicMs() - busyMs).toBeGreaterThanOrEqual(600_000)
})

test('429 where few connections are allowed anyway: no question waits behind one that blocks', async () => {
  const { rig, services } = await crowd(4, { maxConnections: 4 })
  await rig.pass(() => rig.consul.requests.now === 4)
  rig.consul.on('s0', BUSY)
  services[0]?.wake()
  await rig.pass(() => rig.watch('s0').failures > 0)
  for (const { service } of questions(6)) rig.serve(service, ['a'])
  rig.feed.follow(questions(6))
  await rig.pass(() => rig.feed.current().size === 6)
  expect(rig.watch('s5').polled).toBe(true)
})

test('new connections that are reset while others wait in peace are one too many', async () => {
  const rig = await startRig({ fake: { maxConnections: 12 } })
  for (const { service } of questions(20)) rig.serve(service, ['a'])
  rig.feed.follow(questions(20))
  await rig.pass(() => rig.feed.watches().some(({ polled }) => polled === true))
  const words = rig.feed.watches().map(({ failure }) => failure?.message ?? '')
  expect(words.filter((text) => text.includes('there are too many'))).toHaveLength(1)
  await rig.pass(() => rig.feed.watches().every(({ failures }) => failures === 0))
  expect(questions(20).every(({ service }) => rig.known(service) === 'a')).toBe(true)
})

test('new connections that are reset by an agent that keeps none are no limit', async () => {
  const { rig } = await crowd(20)
  await rig.pass(() => rig.consul.requests.now === 20)
  for (const { service } of questions(20)) rig.consul.on(service, { kind: 'reset' })
  rig.consul.dropAll()
  await rig.pass(() => rig.feed.watches().every(({ failures }) => failures >= 4))
  expect(rig.feed.watches().some(({ polled }) => polled === true)).toBe(false)
})

test('429 halves the readings at once', async () => {
  const { rig } = await crowd(60, { maxConnections: 50, startConcurrency: 8 })
  rig.consul.on('s0', BUSY)
  await rig.pass(() => rig.watch('s0').failures === 1)
  for (const { service } of questions(60)) rig.consul.on(service, { kind: 'hang' })
  await rig.pass(() => rig.consul.requests.now === 4)
  await rig.clock.advance(5_000)
  expect(rig.consul.requests.now).toBe(4)
})

test('when Consul is back for one question, the others need not sleep out their back-off', async () => {
  const rig = await startRig({ chance: seeded() })
  const services = questions(20).map(({ service }) => rig.serve(service, ['a']))
  rig.feed.follow(questions(20))
  await rig.pass(() => rig.consul.requests.now === 20)
  for (const { service } of questions(20))
    rig.consul.on(service, { kind: 'answer', status: 500, body: '' })
  rig.consul.dropAll()
  await rig.pass(() => rig.feed.watches().every(({ failures }) => failures >= 10), 500)
  services.forEach((service, i) => rig.consul.on(`s${i}`, service.behaviour))
  await rig.pass(() => rig.feed.watches().some(({ failures }) => failures === 0))
  expect(await rig.pass(() => rig.feed.watches().every((w) => w.failures === 0))).toBeLessThan(
    1_500,
  )
})
