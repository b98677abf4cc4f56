/** What Consul, or something between, can do to a question that was answered before: nothing may be lost, and all of it heals. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Behaviour } from '../fakes/consul.ts'
import type { FakeService } from '../fakes/consul-service.ts'
import { questions, seeded, startRig, until, type FeedRig } from './feed-rig.ts'

const web = { service: 'web' }

/** `web` is known with two instances, and its blocking query waits. */
async function following(options: Parameters<typeof startRig>[0] = {}): Promise<{
  rig: FeedRig
  service: FakeService
}> {
  const rig = await startRig(options)
  const service = rig.serve('web', ['a', 'b'])
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'a b')
  await rig.clock.advance(0)
  await rig.blocked(service)
  return { rig, service }
}

const DEADLINE_MS = 265_000

const FAULTS: readonly [name: string, fault: Behaviour, reason: string][] = [
  ['a connection that is reset', { kind: 'reset' }, 'consul-unreachable'],
  ['a body that breaks off', { kind: 'truncated', body: '[{"Node": {' }, 'consul-unreachable'],
  [
    'a body that would be whole without its end',
    { kind: 'truncated', body: '[]' },
    'consul-unreachable',
  ],
  ['no answer at all', { kind: 'hang' }, 'timeout'],
  ['a byte every second', { kind: 'drip', body: '[]', everyMs: 1_000 }, 'timeout'],
  ['500', { kind: 'answer', status: 500, body: 'No cluster leader' }, 'consul-refused'],
  ['500 with an empty list', { kind: 'answer', status: 500, body: '[]' }, 'consul-refused'],
  ['429', { kind: 'answer', status: 429, body: '' }, 'consul-refused'],
  ['403', { kind: 'answer', status: 403, body: 'ACL not found' }, 'consul-refused'],
  ['400', { kind: 'answer', status: 400, body: 'bad filter' }, 'consul-refused'],
  ['204 without a body', { kind: 'answer', status: 204, body: '' }, 'consul-refused'],
  [
    'a page of a captive proxy',
    { kind: 'answer', status: 200, body: '<html>' },
    'consul-answer-unusable',
  ],
  [
    'a redirect',
    { kind: 'answer', status: 302, body: '', headers: { location: '/x' } },
    'consul-refused',
  ],
  ['JSON of another shape', { kind: 'answer', status: 200, body: '{}' }, 'consul-answer-unusable'],
  ['an empty body', { kind: 'answer', status: 200, body: '' }, 'consul-answer-unusable'],
  ['null', { kind: 'answer', status: 200, body: 'null' }, 'consul-answer-unusable'],
  [
    'a packed answer',
    {
      kind: 'answer',
      status: 200,
      body: gzipSync('[]').toString('latin1'),
      headers: { 'content-encoding': 'gzip' },
    },
    'consul-answer-unusable',
  ],
  ['more than is read', { kind: 'huge', bytes: 4_000_000 }, 'consul-answer-unusable'],
  ['bytes that are not HTTP', { kind: 'raw', bytes: 'SSH-2.0\r\n\r\n' }, 'consul-unreachable'],
  [
    'a list that the token has thinned out',
    {
      kind: 'entries',
      entries: [],
      headers: { 'x-consul-results-filtered-by-acls': 'true', 'x-consul-index': '11' },
    },
    'consul-refused',
  ],
]

test.each(FAULTS)('%s keeps what is known, is told once, and heals', async (_, fault, reason) => {
  const { rig, service } = await following()
  const known = rig.answer('web')
  rig.consul.on('web', fault)
  service.wake()
  await rig.pass(() => rig.watch('web').failures === 4)
  expect(rig.watch('web').failure?.reason).toBe(reason)
  expect(rig.answer('web')).toBe(known)
  expect(rig.changes).toEqual(['web', 'web'])
  expect(rig.asked('web').slice(2, 6)).toEqual(['index=10', 'plain', 'plain', 'plain'])
  rig.consul.on('web', service.behaviour)
  await rig.pass(() => service.waiting.size === 1)
  expect(rig.answer('web')).toBe(known)
  expect(rig.watch('web')).toMatchObject({ failures: 0 })
  expect(rig.watch('web').failure).toBeUndefined()
  expect(rig.changes).toEqual(['web', 'web', 'web'])
  await until(() => rig.consul.connections.open === 1)
})

test('a connection that is cut while Consul holds a query: never again with that index', async () => {
  const { rig, service } = await following()
  rig.consul.dropAll()
  await until(() => service.waiting.size === 0)
  await rig.pass(() => service.waiting.size === 1)
  expect(rig.asked('web')).toEqual(['plain', 'index=10', 'plain', 'index=10'])
  expect(rig.changes).toEqual(['web', 'web', 'web'])
})

test('Consul is started anew while a question rests: not even then with an index of its former life', async () => {
  const { rig, service } = await following()
  service.set(['a', 'b', 'c'])
  await until(() => rig.known('web') === 'a b c')
  expect(service.waiting.size).toBe(0)
  rig.consul.dropIdle()
  await until(() => rig.consul.connections.open === 0)
  service.become(['a', 'b', 'c', 'd'], '3')
  await rig.pass(() => rig.known('web') === 'a b c d')
  expect(rig.asked('web')).toEqual(['plain', 'index=10', 'plain', 'plain'])
  expect(rig.changes).toEqual(['web', 'web', 'web'])
})

test('an agent that is away altogether: refused connections', async () => {
  const { rig, service } = await following()
  const known = rig.answer('web')
  await rig.consul.stop()
  await until(() => rig.watch('web').failures === 1)
  for (let i = 0; i < 10; i += 1) {
    const { failures } = rig.watch('web')
    await rig.clock.advance(61_000)
    await until(() => rig.watch('web').failures > failures)
  }
  expect(rig.watch('web').failure?.message).toContain('ECONNREFUSED')
  expect(rig.answer('web')).toBe(known)
  expect(service.waiting.size).toBe(0)
  // The question's and the heartbeat's.
  expect(rig.clock.waits.length).toBe(2)
})

test('a connection that died in silence is found out by the deadline, and by nothing else', async () => {
  const { rig, service } = await following()
  await rig.clock.advance(DEADLINE_MS - 1)
  expect(rig.watch('web').failures).toBe(0)
  await rig.clock.advance(1)
  await until(() => rig.watch('web').failures === 1)
  expect(rig.watch('web').failure?.reason).toBe('timeout')
  expect(rig.known('web')).toBe('a b')
  await rig.clock.advance(1_000)
  await until(() => rig.watch('web').failures === 0)
  await rig.clock.advance(1_000)
  await rig.blocked(service)
  // The dead connection is not kept.
  await until(() => rig.consul.connections.open === 1)
})

test('a date that jumps moves no deadline and no back-off', async () => {
  const { rig } = await following()
  rig.clock.jumpDate(86_400_000)
  await rig.clock.advance(DEADLINE_MS - 1)
  rig.clock.jumpDate(-2 * 86_400_000)
  expect(rig.watch('web').failures).toBe(0)
})

test('never answered: the failure stands in the catalog, told once, until the first answer', async () => {
  const rig = await startRig()
  rig.consul.on('web', { kind: 'answer', status: 500, body: 'No cluster leader' })
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'consul-refused')
  const catalog = rig.feed.current()
  await rig.clock.advance(61_000)
  await until(() => rig.watch('web').failures >= 2)
  expect(rig.feed.current()).toBe(catalog)
  expect(rig.changes).toEqual(['web'])
  rig.serve('web', ['a'])
  await rig.clock.advance(61_000)
  await until(() => rig.known('web') === 'a')
  expect(rig.changes).toEqual(['web', 'web'])
})

test('restarted empty: what was known stays while it is confirmed, then the emptiness is reported', async () => {
  const { rig, service } = await following()
  service.become([], '6')
  rig.consul.dropAll()
  await rig.pass(() => rig.watch('web').confirming)
  expect(rig.known('web')).toBe('a b')
  const tookMs = await rig.pass(() => rig.known('web') === '')
  expect(tookMs).toBeGreaterThanOrEqual(7_000)
  expect(tookMs).toBeLessThan(7_500)
  await rig.pass(() => service.waiting.size === 1)
  expect(rig.watch('web')).toMatchObject({ failures: 0, confirming: false })
  expect(rig.asked('web').slice(-4)).toEqual(['plain', 'plain', 'plain', 'index=6'])
})

test('an empty answer of one moment is never reported', async () => {
  const { rig, service } = await following()
  const known = rig.answer('web')
  service.set([])
  await until(() => rig.watch('web').confirming)
  service.become(['a', 'b'])
  await rig.clock.advance(2_000)
  await until(() => !rig.watch('web').confirming)
  expect(rig.answer('web')).toBe(known)
  expect(rig.changes).toEqual(['web'])
})

test.each([
  ['went backwards', '3'],
  ['is 0', '0'],
  ['is missing', null],
  ['is no number', 'abc'],
  ['is negative', '-7'],
])('an index that %s: its body is dropped and asked for again', async (_, index) => {
  const { rig, service } = await following()
  service.become(['a'], index)
  service.wake()
  await rig.clock.advance(1_000)
  await until(() => rig.watch('web').confirming)
  expect(rig.known('web')).toBe('a b')
  service.become(['a', 'b'], index)
  await rig.clock.advance(2_000)
  await until(() => !rig.watch('web').confirming)
  await rig.clock.advance(1_000)
  await until(() => rig.asked('web').length >= 5)
  expect(rig.asked('web').slice(0, 5)).toEqual([
    'plain',
    'index=10',
    'plain',
    'plain',
    index === '3' ? 'index=3' : 'index=1',
  ])
  expect(rig.known('web')).toBe('a b')
})

test('a server without a leader is asked again; out of a stream the same header means nothing', async () => {
  for (const [backend, confirming] of [
    ['blocking-query', true],
    ['streaming', false],
  ] as const) {
    const { rig, service } = await following()
    service.headers = { 'x-consul-knownleader': 'false', 'x-consul-query-backend': backend }
    service.set(['a', 'b', 'c'])
    await until(() => service.waiting.size === 0 && rig.clock.waits[0] !== DEADLINE_MS)
    expect(rig.watch('web').confirming).toBe(confirming)
    expect(rig.known('web')).toBe(confirming ? 'a b' : 'a b c')
    await rig.feed.close()
  }
})

test('a storm of wakes for nothing costs a few readings a minute; a change is seen all the same', async () => {
  const rig = await startRig()
  const service = rig.serve('web', ['a'])
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'a')
  let index = 10
  /** Every blocking query is answered at once, each with a higher index. */
  const storm = async (ms: number): Promise<number> => {
    const before = rig.asked('web').length
    for (let passed = 0; passed < ms; passed += 250) {
      await rig.clock.advance(250)
      service.become(['a'], String((index += 1)))
      service.wake()
      await until(() => rig.consul.requests.now === service.waiting.size)
    }
    return rig.asked('web').length - before
  }
  await storm(60_000)
  expect(await storm(60_000)).toBeLessThanOrEqual(5)
  service.set(['a', 'b'])
  await rig.clock.advance(15_000)
  await until(() => rig.known('web') === 'a b')
})

test('when 100 questions fail together they come back spread out, and all of them heal', async () => {
  const rig = await startRig({ chance: seeded() })
  const names = questions(100)
  const services = names.map(({ service }) => rig.serve(service, ['a']))
  rig.feed.follow(names)
  await until(() => rig.feed.current().size === 100)
  await rig.clock.advance(1_000)
  await until(() => services.every(({ waiting }) => waiting.size === 1))
  const catalog = rig.feed.current()
  for (const { service } of names)
    rig.consul.on(service, { kind: 'answer', status: 500, body: 'storm' })
  rig.consul.dropAll()
  await until(() => rig.feed.watches().every(({ failures }) => failures === 1))
  const asked = rig.consul.asked.length
  for (let i = 0; i < 60; i += 1) {
    await rig.clock.advance(1_000)
    await until(() => rig.consul.requests.now === 0)
  }
  // A minute of back-off that doubles up to a minute: about ten readings each.
  expect((rig.consul.asked.length - asked) / 100).toBeLessThan(15)
  expect(new Set(rig.clock.waits.map((ms) => Math.round(ms / 1_000))).size).toBeGreaterThan(10)
  expect([...rig.feed.current().values()]).toEqual([...catalog.values()])
  names.forEach(({ service }, i) => {
    const found = services[i]
    if (found !== undefined) rig.consul.on(service, found.behaviour)
  })
  await rig.pass(() => rig.feed.watches().every(({ failures }) => failures === 0), 500)
  expect(rig.consul.requests.most).toBeLessThanOrEqual(100)
})
