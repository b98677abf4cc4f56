import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { consulSource, type ConsulAccess } from '../../src/consul/catalog.ts'
import { queryKey, type Answer, type Catalog, type ServiceQuery } from '../../src/model/catalog.ts'
import type { CatalogSource } from '../../src/model/ports.ts'
import { healthEntry } from '../fakes/consul-entries.ts'
import { startFakeConsul, type FakeConsul } from '../fakes/consul.ts'

let consul: FakeConsul
const opened: CatalogSource[] = []

beforeEach(async () => {
  consul = await startFakeConsul()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()))
  await consul.stop()
})

function open(access: Partial<ConsulAccess> = {}): CatalogSource {
  const source = consulSource({
    address: consul.address,
    tls: { verify: 'Required' },
    timeoutMs: 5_000,
    maxConnections: 4,
    maxAnswerBytes: 1_000_000,
    ...access,
  })
  opened.push(source)
  return source
}

function answerOf(catalog: Catalog, query: ServiceQuery): Answer | undefined {
  return catalog.get(queryKey(query))?.answer
}

const web: ServiceQuery = { service: 'web' }
const AUTHORIZE = '/v1/internal/acl/authorize'

test('every query gets its own answer, whatever happens to the others', async () => {
  consul.on('web', { kind: 'entries', entries: [healthEntry({ id: 'web-1' })] })
  consul.on('broken', { kind: 'truncated', body: '[' })
  consul.on('forbidden', { kind: 'answer', status: 403, body: 'Permission denied' })
  consul.on('odd', { kind: 'answer', status: 200, body: 'oops' })
  const queries = ['web', 'broken', 'none', 'forbidden', 'odd'].map((service) => ({ service }))
  const catalog = await open().read(queries)
  expect(
    [...catalog.values()].map(({ query, answer }) => [query.service, outcomeOf(answer)]),
  ).toEqual([
    ['broken', 'consul-unreachable'],
    ['forbidden', 'consul-refused'],
    ['none', 0],
    ['odd', 'consul-answer-unusable'],
    ['web', 1],
  ])
})

function outcomeOf(answer: Answer): string | number {
  return answer.state === 'answered' ? answer.instances.length : answer.failure.reason
}

test('a query beats the settings, and is answered under its own key', async () => {
  const source = open({ datacenter: 'dc1', namespace: 'team', partition: 'default' })
  const own: ServiceQuery = {
    service: 'web',
    datacenter: 'dc2',
    namespace: 'ops',
    filter: '"a" in Service.Tags',
  }
  const catalog = await source.read([web, own])
  expect([...catalog.keys()].toSorted()).toEqual([queryKey(web), queryKey(own)].toSorted())
  const urls = consul.asked.filter((a) => a.method === 'GET').map((a) => a.url)
  expect(urls.toSorted()).toEqual([
    '/v1/health/service/web?dc=dc1&ns=team&partition=default',
    '/v1/health/service/web?dc=dc2&ns=ops&partition=default&filter=%22a%22%20in%20Service.Tags',
  ])
})

test.each([
  ['a b/c?d#e"f', '/v1/health/service/a%20b%2Fc%3Fd%23e%22f'],
  ['../../v1/kv/secret', '/v1/health/service/..%2F..%2Fv1%2Fkv%2Fsecret'],
  ['x\r\nx-consul-token: y', '/v1/health/service/x%0D%0Ax-consul-token%3A%20y'],
  ['ünïcode', '/v1/health/service/%C3%BCn%C3%AFcode'],
])('the service name %j stays one segment', async (service, url) => {
  await open().read([{ service }])
  expect(consul.asked[0]?.url).toBe(url)
})

test.each([{ service: '' }, { service: '\ud800' }, { service: 'web', filter: 'x\udfff' }])(
  '%j is answered without asking',
  async (query) => {
    const catalog = await open().read([query])
    expect(answerOf(catalog, query)).toMatchObject({ failure: { reason: 'consul-refused' } })
    expect(consul.asked).toEqual([])
  },
)

test('the same query twice is one question', async () => {
  const catalog = await open().read([web, { service: 'web' }])
  expect(catalog.size).toBe(1)
  expect(consul.asked.filter((a) => a.method === 'GET')).toHaveLength(1)
})

test('nothing asked, nothing opened', async () => {
  expect((await open({ tokenFile: '/nowhere' }).read([])).size).toBe(0)
  expect(consul.connections.opened).toBe(0)
})

test('many queries share few connections, over several readings', async () => {
  const source = open({ maxConnections: 3 })
  const queries = Array.from({ length: 50 }, (_, i) => ({ service: `s${i}` }))
  await source.read(queries)
  const second = await source.read(queries)
  expect([...second.values()].every(({ answer }) => answer.state === 'answered')).toBe(true)
  expect(consul.connections).toMatchObject({ opened: 3, most: 3 })
})

test('queries are asked at the same time', async () => {
  let release: (() => void) | undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const next = { kind: 'entries', entries: [healthEntry({ id: 'a' })] } as const
  const queries = Array.from({ length: 9 }, (_, i) => ({ service: `s${i}` }))
  for (const { service } of queries) consul.on(service, { kind: 'after', release: released, next })
  const catalog = open({ maxConnections: 3 }).read(queries)
  await expect.poll(() => consul.requests.now).toBe(3)
  release?.()
  expect((await catalog).size).toBe(9)
  expect(consul.requests.most).toBe(3)
})

test('a single reading asks at most 32 questions at a time', async () => {
  let release: (() => void) | undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const next = { kind: 'entries', entries: [healthEntry({ id: 'a' })] } as const
  const queries = Array.from({ length: 50 }, (_, i) => ({ service: `s${i}` }))
  for (const { service } of queries) consul.on(service, { kind: 'after', release: released, next })
  const catalog = open({ maxConnections: 150 }).read(queries)
  await expect.poll(() => consul.requests.now).toBe(32)
  release?.()
  expect((await catalog).size).toBe(50)
  expect(consul.requests.most).toBe(32)
})

test('an empty list that the token forbids is a failure; one that it may read is empty', async () => {
  const allow = (Allow: boolean): void =>
    consul.onPath(AUTHORIZE, { kind: 'answer', status: 200, body: JSON.stringify([{ Allow }]) })
  allow(false)
  const source = open({ token: 'secret', datacenter: 'dc2' })
  expect(answerOf(await source.read([web]), web)).toMatchObject({
    failure: { reason: 'consul-refused', hint: expect.stringContaining('service:read') },
  })
  expect(consul.asked[1]).toMatchObject({
    method: 'POST',
    url: `${AUTHORIZE}?dc=dc2`,
    body: JSON.stringify([
      { Resource: 'service', Segment: 'web', Access: 'read' },
      { Resource: 'node', Segment: '', Access: 'read' },
    ]),
    headers: { 'x-consul-token': 'secret' },
  })
  allow(true)
  expect(answerOf(await source.read([web]), web)).toEqual({ state: 'answered', instances: [] })
})

test.each([
  ['is listed', '{"web": [], "api": []}', {}, 'consul-refused'],
  ['is not listed', '{"api": []}', {}, 0],
  ['is a word of JavaScript', '{}', { service: 'constructor' }, 0],
  ['is listed, but a filter may be why', '{"web": []}', { filter: 'Node.Node == "x"' }, 0],
  ['cannot be looked up', 'oops', {}, 0],
])(
  'without node:read a list is not empty where the service %s',
  async (_, services, extra, outcome) => {
    consul.onPath(AUTHORIZE, {
      kind: 'answer',
      status: 200,
      body: '[{"Allow":true},{"Allow":false}]',
    })
    consul.onPath('/v1/catalog/services', { kind: 'answer', status: 200, body: services })
    const query = { ...web, ...extra }
    const answer = answerOf(await open().read([query]), query)
    expect(answer && outcomeOf(answer)).toBe(outcome)
  },
)

test.each([
  ['there are no ACLs', 401, 'ACL support disabled'],
  ['the agent has no such API', 404, ''],
  ['the agent is unwell', 500, 'oops'],
  ['the answer is odd', 200, '{}'],
  ['the answer is odder', 200, 'no JSON'],
])('an empty list stays one where %s', async (_, status, body) => {
  consul.onPath(AUTHORIZE, { kind: 'answer', status, body })
  expect(answerOf(await open().read([web]), web)).toEqual({ state: 'answered', instances: [] })
})

test('a list with instances is not asked about', async () => {
  consul.on('web', { kind: 'entries', entries: [healthEntry({ id: 'web-1' })] })
  await open().read([web])
  expect(consul.asked).toHaveLength(1)
})

test('a Consul that hangs is given up after a round, per datacenter', async () => {
  const hanging = Array.from({ length: 40 }, (_, i) => ({ service: `h${i}`, datacenter: 'far' }))
  for (const { service } of hanging) consul.on(service, { kind: 'hang' })
  const source = open({ timeoutMs: 100 })
  const catalog = await source.read([...hanging, web])
  const failed = hanging.map((query) =>
    outcomeOf(answerOf(catalog, query) ?? { state: 'answered', instances: [] }),
  )
  expect(new Set(failed)).toEqual(new Set(['timeout']))
  expect(consul.asked.filter((a) => a.url.includes('far')).length).toBeLessThan(12)
  expect(answerOf(catalog, web)).toMatchObject({ state: 'answered' })
})

test('slow answers between good ones do not end patience', async () => {
  const queries = Array.from({ length: 12 }, (_, i) => ({ service: `s${i}` }))
  for (const i of [0, 1, 2, 4, 5, 6, 8, 9, 10]) consul.on(`s${i}`, { kind: 'hang' })
  const catalog = await open({ timeoutMs: 50, maxConnections: 1 }).read(queries)
  const answered = [...catalog.values()].filter(({ answer }) => answer.state === 'answered')
  expect(answered.map(({ query }) => query.service).toSorted()).toEqual(['s11', 's3', 's7'])
})

test('the token file is read anew by every reading', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const tokenFile = join(folder, 'token')
  const source = open({ tokenFile })
  expect(answerOf(await source.read([web]), web)).toMatchObject({
    failure: { reason: 'files-unreadable', message: expect.stringContaining(tokenFile) },
  })
  await writeFile(tokenFile, 'first\n')
  await source.read([web])
  await writeFile(tokenFile, 'second\n')
  await source.read([web])
  const tokens = consul.asked
    .filter((a) => a.method === 'GET')
    .map((a) => a.headers['x-consul-token'])
  expect(tokens).toEqual(['first', 'second'])
})

test('an address that is none fails every query', async () => {
  const source = open({ address: 'ftp://consul' })
  expect(source.name).toBe('consul')
  expect(answerOf(await source.read([web]), web)).toMatchObject({
    failure: { hint: expect.stringContaining('http://HOST:PORT') },
  })
})

test('a closed source leaves no connection behind', async () => {
  const source = open()
  await source.read([web, { service: 'api' }])
  await source.close()
  await expect.poll(() => consul.connections.open).toBe(0)
})
