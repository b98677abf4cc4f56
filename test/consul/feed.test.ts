import { expect, test } from 'vitest'
import { parseAddress } from '../../src/consul/address.ts'
import { waitFor } from '../../src/consul/feed.ts'
import { queryKey } from '../../src/model/catalog.ts'
import { questions, startRig, until } from './feed-rig.ts'

const web = { service: 'web' }

test('one question each, however often it is named: first without an index, then blocking', async () => {
  const rig = await startRig()
  const service = rig.serve('web', ['a', 'b'])
  expect(rig.feed.current().size).toBe(0)
  rig.feed.follow([web, { service: 'web' }])
  await until(() => rig.known('web') === 'a b')
  await rig.clock.advance(0)
  await rig.blocked(service)
  expect(rig.consul.asked.map(({ url }) => url)).toEqual([
    '/v1/health/service/web',
    '/v1/health/service/web?index=10&wait=240000ms',
  ])
  expect(rig.changes).toEqual(['web'])
  expect(rig.watch('web')).toEqual({
    key: queryKey(web),
    query: web,
    lastSuccessMs: rig.clock.dateMs(),
    failures: 0,
    confirming: false,
  })
})

test('a change is a new answer in which all that is unchanged is the same object', async () => {
  const rig = await startRig()
  const service = rig.serve('web', ['a', 'b'])
  const other = rig.serve('api', ['x'])
  rig.feed.follow([web, { service: 'api' }])
  await until(() => rig.feed.current().size === 2)
  await rig.clock.advance(0)
  await rig.blocked(service)
  await rig.blocked(other)
  const before = rig.feed.current()
  const old = rig.answer('web')
  service.set(['a', 'b', 'c'])
  await until(() => rig.known('web') === 'a b c')
  const fresh = rig.answer('web')
  if (old?.state !== 'answered' || fresh?.state !== 'answered') throw new Error('no answers')
  expect(fresh.instances.slice(0, 2).map((i, n) => i === old.instances[n])).toEqual([true, true])
  const key = queryKey({ service: 'api' })
  expect(rig.feed.current().get(key)).toBe(before.get(key))
  expect(rig.feed.current()).not.toBe(before)
  expect(rig.changes.filter((name) => name === 'web')).toHaveLength(2)
})

test('a wake without a change is none, whatever happened to index, output and order', async () => {
  const rig = await startRig()
  const service = rig.serve('web', ['a', 'b'])
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'a b')
  const before = rig.feed.current()
  for (const index of ['11', '12', '12']) {
    await rig.clock.advance(20_000)
    await rig.blocked(service)
    service.become(['b', 'a'], index)
    service.wake()
    await until(() => service.waiting.size === 0)
  }
  await rig.clock.advance(20_000)
  await rig.blocked(service)
  expect(rig.feed.current()).toBe(before)
  expect(rig.changes).toEqual(['web'])
  expect(rig.asked('web').at(-1)).toBe('index=12')
})

test('an answer that is the same byte by byte is not even parsed', async () => {
  const rig = await startRig()
  const body = '[]'.padEnd(100)
  rig.consul.on('web', { kind: 'answer', status: 200, body })
  rig.feed.follow([web])
  await until(() => rig.known('web') === '')
  const parse = JSON.parse
  let parsed = 0
  JSON.parse = (text: string) => {
    if (text === body) parsed += 1
    return parse(text)
  }
  try {
    await rig.pass(() => rig.asked('web').length >= 3)
    await rig.clock.advance(5_000)
  } finally {
    JSON.parse = parse
  }
  expect(parsed).toBe(0)
})

test('what is no longer named ends, its connection too; what is named goes on undisturbed', async () => {
  const rig = await startRig()
  const service = rig.serve('web', ['a'])
  const other = rig.serve('api', ['x'])
  rig.feed.follow([web, { service: 'api' }])
  await until(() => rig.feed.current().size === 2)
  await rig.clock.advance(0)
  await rig.blocked(service)
  await rig.blocked(other)
  rig.feed.follow([web])
  await until(() => other.waiting.size === 0)
  expect([...rig.feed.current().keys()]).toEqual([queryKey(web)])
  const catalog = rig.feed.current()
  rig.feed.follow([web])
  expect(rig.feed.current()).toBe(catalog)
  expect(rig.asked('web')).toEqual(['plain', 'index=10'])
  rig.feed.follow([])
  await until(() => rig.consul.connections.open === 0)
  expect(rig.clock.waits).toEqual([])
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'a')
})

test('a connection that is kept for the next question ends with the last question', async () => {
  const rig = await startRig()
  rig.consul.on('web', { kind: 'answer', status: 400, body: '' })
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'consul-refused')
  expect(rig.consul.requests.now + rig.consul.connections.open).toBe(1)
  rig.feed.follow([])
  await until(() => rig.consul.connections.open === 0)
})

test('an index is sent back to the last digit', async () => {
  const rig = await startRig()
  const service = rig.serve('web', ['a'])
  service.index = '18446744073709551615'
  rig.feed.follow([web])
  await rig.pass(() => service.waiting.size === 1)
  expect(rig.asked('web')).toEqual(['plain', 'index=18446744073709551615'])
})

test('a closed feed has no timer and no connection, and calls nobody', async () => {
  const rig = await startRig()
  const service = rig.serve('web', ['a'])
  rig.consul.on('hangs', { kind: 'hang' })
  rig.consul.on('fails', { kind: 'answer', status: 500, body: '' })
  rig.feed.follow([web, { service: 'hangs' }, { service: 'fails' }])
  await until(() => rig.changes.length === 2)
  await rig.clock.advance(0)
  await rig.blocked(service)
  const before = rig.changes.length
  await rig.feed.close()
  service.set(['a', 'b'])
  rig.feed.follow([web])
  await until(() => rig.consul.connections.open === 0)
  expect(rig.clock.waits).toEqual([])
  expect(rig.changes).toHaveLength(before)
})

test('a start with many questions asks 32 at a time', async () => {
  const rig = await startRig()
  const names = questions(100)
  let release: (() => void) | undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const next = { kind: 'answer', status: 200, body: '[{}]' } as const
  for (const { service } of names)
    rig.consul.on(service, { kind: 'after', release: released, next })
  rig.feed.follow(names)
  await until(() => rig.consul.requests.now === 32)
  release?.()
  await until(() => rig.feed.current().size === 100)
  expect(rig.consul.requests.most).toBe(32)
})

test('one datacenter that hangs does not take the turn of another', async () => {
  const rig = await startRig()
  rig.serve('web', ['a'])
  const far = questions(40).map((query) => ({ ...query, datacenter: 'far' }))
  for (const { service } of far) rig.consul.on(service, { kind: 'hang' })
  rig.feed.follow([...far, web])
  await until(() => rig.known('web') === 'a')
  expect(rig.consul.requests.now).toBe(32)
})

test.each([
  ['http://127.0.0.1:1', '240000ms'],
  ['http://localhost:1', '240000ms'],
  ['unix:///x.sock', '240000ms'],
  ['http://[::1]:1', '240000ms'],
  ['http://127.example:1', '55000ms'],
  ['https://consul.example', '55000ms'],
])('at %s Consul may hold a query for %s', (address, wait) => {
  const endpoint = parseAddress(address)
  expect(endpoint.ok && `${waitFor(endpoint.value)}ms`).toBe(wait)
})

test('wait is a setting, and the deadline follows it', async () => {
  const rig = await startRig({ feed: { waitMs: 60_000 } })
  const service = rig.serve('web', ['a'])
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'a')
  await rig.clock.advance(0)
  await rig.blocked(service)
  expect(rig.consul.asked.at(-1)?.url).toContain('wait=60000ms')
  expect(rig.clock.waits).toEqual([73_750])
})

test('an address that is none fails every question and opens nothing', async () => {
  const rig = await startRig({ feed: { address: 'ftp://consul' } })
  rig.feed.follow([web])
  await until(() => rig.known('web') === 'consul-unreachable')
  expect(rig.feed.name).toBe('consul')
  expect(rig.changes).toEqual(['web'])
})

test.each([{ service: '' }, { service: '\ud800' }])(
  '%j is a failure without asking',
  async (query) => {
    const rig = await startRig()
    rig.feed.follow([query])
    await until(() => rig.known(query.service) === 'consul-refused')
    expect(rig.consul.asked).toEqual([])
    expect(rig.clock.waits).toEqual([45_000])
  },
)
