import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { parseAddress } from '../../src/consul/address.ts'
import { openClient } from '../../src/consul/client.ts'
import type { ConsulTransport } from '../../src/consul/transport.ts'
import type { Result } from '../../src/model/failure.ts'
import { startFakeConsul, type Behaviour, type FakeConsul } from '../fakes/consul.ts'

const TOKEN = 'c4f3-secret-token'
const LIMITS = { timeoutMs: 5_000, maxBytes: 1_000_000 }

let consul: FakeConsul
let client: ConsulTransport

beforeEach(async () => {
  consul = await startFakeConsul()
  client = open(consul.address)
})
afterEach(async () => {
  client.close()
  await consul.stop()
})

function open(address: string, maxConnections = 4, onLost?: () => void): ConsulTransport {
  const endpoint = parseAddress(address)
  if (!endpoint.ok) throw new Error(endpoint.failure.message)
  const credentials = { token: TOKEN, tls: { rejectUnauthorized: true } }
  const kept = onLost === undefined ? {} : { onLost }
  return openClient({ endpoint: endpoint.value, credentials, maxConnections, ...kept })
}

async function failureOf(result: Promise<Result<unknown>>): Promise<object> {
  const settled = await result
  if (settled.ok) throw new Error('the request should have failed')
  expect(JSON.stringify(settled.failure)).not.toContain(TOKEN)
  return settled.failure
}

test('asks plainly: token in its header only, no compression, path and query encoded', async () => {
  const answer = await client.get('/v1/health/service/a%20b', [['filter', 'ID == "ü&x"']], LIMITS)
  expect(answer).toMatchObject({ ok: true, value: { status: 200, body: '[]' } })
  const [asked] = consul.asked
  expect(asked?.url).toBe('/v1/health/service/a%20b?filter=ID%20%3D%3D%20%22%C3%BC%26x%22')
  expect(asked?.headers).toMatchObject({
    'x-consul-token': TOKEN,
    'accept-encoding': 'identity',
  })
})

test('a path before the API, of a proxy, is kept', async () => {
  const prefixed = open(`${consul.address}/consul/`)
  await prefixed.get('/v1/x', [], LIMITS)
  prefixed.close()
  expect(consul.asked[0]?.url).toBe('/consul/v1/x')
})

test('connections are kept and never more than allowed', async () => {
  let release: (() => void) | undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  consul.on('web', { kind: 'after', release: released, next: { kind: 'entries', entries: [] } })
  const answers = Array.from({ length: 12 }, () => client.get('/v1/health/service/web', [], LIMITS))
  // The other eight cannot have been sent while four are unanswered.
  await expect.poll(() => consul.asked.length).toBe(4)
  release?.()
  const statuses = (await Promise.all(answers)).map((a) => a.ok && a.value.status)
  expect(statuses).toEqual(Array.from({ length: 12 }, () => 200))
  expect(consul.connections).toMatchObject({ opened: 4, most: 4 })
})

test('redirects are not followed', async () => {
  const headers = { location: `${consul.address}/elsewhere` }
  consul.on('web', { kind: 'answer', status: 302, body: '', headers })
  const answer = await client.get('/v1/health/service/web', [], LIMITS)
  expect(answer).toMatchObject({ ok: true, value: { status: 302 } })
  expect(consul.asked).toHaveLength(1)
})

test.each<[string, Behaviour, object]>([
  [
    'a body cut short',
    { kind: 'truncated', body: '[]' },
    { reason: 'consul-unreachable', transient: true, message: expect.stringContaining('middle') },
  ],
  ['silence', { kind: 'hang' }, { reason: 'timeout', transient: true }],
  [
    'a slow drip that never ends',
    { kind: 'drip', body: '[', everyMs: 5 },
    { reason: 'timeout', transient: true, message: expect.stringContaining('within 200 ms') },
  ],
  [
    'a body without end',
    { kind: 'huge', bytes: 1e9 },
    { reason: 'consul-answer-unusable', transient: false },
  ],
  [
    'a reset before the answer',
    { kind: 'reset' },
    { reason: 'consul-unreachable', message: expect.stringContaining('ECONNRESET') },
  ],
  [
    'something that is not HTTP',
    { kind: 'raw', bytes: '\u0015\u0003\u0001\u0000\u0002\u0002\r\n\r\n' },
    { reason: 'consul-unreachable', hint: expect.stringContaining('https://') },
  ],
  [
    'headers without end',
    { kind: 'raw', bytes: `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}` },
    { reason: 'consul-unreachable', transient: false },
  ],
  [
    'compression that was not asked for',
    { kind: 'answer', status: 200, body: 'x', headers: { 'content-encoding': 'gzip' } },
    { reason: 'consul-answer-unusable', hint: expect.stringContaining('proxy') },
  ],
])('%s is a failure', async (_, behaviour, expected) => {
  consul.on('web', behaviour)
  const limits = { ...LIMITS, timeoutMs: 200 }
  const slow = behaviour.kind === 'huge' ? LIMITS : limits
  const failure = await failureOf(client.get('/v1/health/service/web', [], slow))
  expect(failure).toMatchObject(expected)
  // The broken connection is closed and not used again.
  const next = await client.get('/v1/health/service/other', [], LIMITS)
  expect(next).toMatchObject({ ok: true })
  await expect.poll(() => consul.connections.open).toBe(1)
})

test('an idle connection that Consul closed is replaced by a fresh one, once', async () => {
  // Four connections become idle, all are dropped: the retry must not take another dead one.
  await Promise.all([1, 2, 3, 4].map(() => client.get('/v1/health/service/web', [], LIMITS)))
  expect(consul.connections.open).toBeGreaterThan(1)
  consul.dropIdle()
  const answer = await client.get('/v1/health/service/web', [], LIMITS)
  expect(answer).toMatchObject({ ok: true, value: { status: 200 } })
})

test.each<[string, number, Readonly<Record<string, string>>, (own: ConsulTransport) => void]>([
  ['Consul ends', 1, {}, () => consul.dropIdle()],
  ['is closed here', 0, {}, (own) => own.close()],
  ['is not kept, because Consul would not', 0, { 'keep-alive': 'timeout=1' }, () => undefined],
])('an idle connection that %s: lost %i times', async (_, times, headers, end) => {
  let losses = 0
  const own = open(consul.address, 4, () => (losses += 1))
  consul.on('web', { kind: 'answer', status: 200, body: '[]', headers })
  await own.get('/v1/health/service/web', [], LIMITS)
  expect(consul.connections.opened).toBe(1)
  end(own)
  await expect.poll(() => consul.connections.open).toBe(0)
  // What is told is told when this side has heard of it too.
  await pause(50)
  expect(losses).toBe(times)
  own.close()
})

test('a reset on a fresh connection is not tried again', async () => {
  consul.on('web', { kind: 'reset' })
  await failureOf(client.get('/v1/health/service/web', [], LIMITS))
  expect(consul.asked).toHaveLength(1)
})

test('a question that is not a GET is not sent twice', async () => {
  await client.get('/v1/health/service/web', [], LIMITS)
  consul.onPath('/v1/x', { kind: 'reset' })
  await failureOf(client.post('/v1/x', [], '{}', LIMITS))
  expect(consul.asked.filter((asked) => asked.url === '/v1/x')).toHaveLength(1)
})

test('a signal ends a request, also one that has not begun', async () => {
  consul.on('web', { kind: 'hang' })
  const stop = new AbortController()
  const limits = { ...LIMITS, signal: stop.signal }
  const answer = client.get('/v1/health/service/web', [], limits)
  await expect.poll(() => consul.asked.length).toBe(1)
  stop.abort()
  expect(await failureOf(answer)).toMatchObject({ reason: 'interrupted' })
  const late = await failureOf(client.get('/v1/health/service/other', [], limits))
  expect(late).toMatchObject({ reason: 'interrupted' })
  expect(consul.asked).toHaveLength(1)
})

test('the deadline also counts for a request that waits for a connection', async () => {
  const single = open(consul.address, 1)
  consul.on('web', { kind: 'hang' })
  const limits = { ...LIMITS, timeoutMs: 100 }
  const both = await Promise.all([
    failureOf(single.get('/v1/health/service/web', [], limits)),
    failureOf(single.get('/v1/health/service/other', [], limits)),
  ])
  single.close()
  expect(both).toMatchObject([{ reason: 'timeout' }, { reason: 'timeout' }])
})

test('a refusal that quotes the token is masked; an answer is left as it is', async () => {
  consul.on('no', { kind: 'answer', status: 403, body: `token ${TOKEN} is bad` })
  consul.on('yes', { kind: 'answer', status: 200, body: `["${TOKEN}"]` })
  const refused = await client.get('/v1/health/service/no', [], LIMITS)
  expect(refused).toMatchObject({ value: { body: 'token (token) is bad' } })
  const answered = await client.get('/v1/health/service/yes', [], LIMITS)
  expect(answered).toMatchObject({ value: { body: `["${TOKEN}"]` } })
})

test('nothing there: refused and unresolvable are told apart', async () => {
  const { address } = consul
  await consul.stop()
  const refused = await failureOf(open(address).get('/v1/x', [], LIMITS))
  expect(refused).toMatchObject({
    reason: 'consul-unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
    hint: expect.stringContaining('agent running'),
    transient: true,
  })
  const unknown = await failureOf(open('http://no-such-host.invalid:1').get('/v1/x', [], LIMITS))
  expect(unknown).toMatchObject({ hint: expect.stringContaining('host in consul.address') })
})

test('speaks over a UNIX socket, and says which one is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'http.sock')
  const local = await startFakeConsul({ socketPath })
  const overSocket = open(local.address)
  expect(await overSocket.get('/v1/health/service/web', [], LIMITS)).toMatchObject({ ok: true })
  overSocket.close()
  await local.stop()
  const gone = await failureOf(overSocket.get('/v1/health/service/web', [], LIMITS))
  expect(gone).toMatchObject({ message: expect.stringContaining(`unix://${socketPath}`) })
})
