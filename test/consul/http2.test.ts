/** The transport over HTTP/2: what it makes of answers, and of connections that end. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { parseAddress } from '../../src/consul/address.ts'
import { openHttp2 } from '../../src/consul/http2.ts'
import type { ConsulResponse, ConsulTransport, Limits } from '../../src/consul/transport.ts'
import type { Result } from '../../src/model/failure.ts'
import { fakeClock, type FakeClock } from '../fakes/clock.ts'
import { startFakeConsul, type Behaviour, type FakeConsul } from '../fakes/consul.ts'
import { until } from './feed-rig.ts'
import { makeTlsPair, type TlsPair } from './tls-pair.ts'

const TOKEN = 'c4f3-secret-token'
const LIMITS: Limits = { timeoutMs: 10_000, maxBytes: 1_000_000 }
const HANG: Behaviour = { kind: 'hang' }

let pair: TlsPair
let consul: FakeConsul
let clock: FakeClock
let client: ConsulTransport
let refused: number

beforeAll(async () => {
  pair = await makeTlsPair()
})
beforeEach(async () => {
  consul = await startFakeConsul({ tls: pair, http2: { maxStreams: 3 } })
  clock = fakeClock()
  refused = 0
  client = open()
})
afterEach(async () => {
  client.close()
  await consul.stop()
})

function open(address = consul.address, ca = pair.cert): ConsulTransport {
  const endpoint = parseAddress(address)
  if (!endpoint.ok) throw new Error(endpoint.failure.message)
  return openHttp2({
    endpoint: endpoint.value,
    credentials: { token: TOKEN, tls: { ca, rejectUnauthorized: true } },
    timers: clock,
    connectMs: 10_000,
    onRefused: () => {
      refused += 1
    },
  })
}

async function ask(service: string, limits = LIMITS): Promise<Result<ConsulResponse>> {
  return client.get(`/v1/health/service/${service}`, [], limits)
}

test('asks plainly: token in its header only, path and query encoded', async () => {
  const path = '/v1/health/service/a%20b'
  const answer = await client.get(path, [['filter', 'ID == "ü&x"']], LIMITS)
  expect(answer).toMatchObject({ ok: true, value: { status: 200, body: '[]' } })
  const [asked] = consul.asked
  expect(asked?.url).toBe('/v1/health/service/a%20b?filter=ID%20%3D%3D%20%22%C3%BC%26x%22')
  expect(asked?.headers).toMatchObject({ 'x-consul-token': TOKEN, ':scheme': 'https' })
})

test('headers, status and body come as they were sent; a question can have a body', async () => {
  consul.onPath('/x', { kind: 'answer', status: 429, body: `no ${TOKEN}`, headers: { 'x-a': 'b' } })
  const answer = await client.post('/x', [], '{"a":1}', LIMITS)
  if (!answer.ok) throw new Error(answer.failure.message)
  expect(answer.value).toMatchObject({ status: 429, body: 'no (token)' })
  expect(answer.value.headers.get('x-a')).toBe('b')
  expect(consul.asked[0]).toMatchObject({ method: 'POST', body: '{"a":1}' })
})

test('as many questions on a connection as the other side allows, and as many connections as that takes', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    consul.on(name, HANG)
    void ask(name)
  }
  await until(() => consul.requests.now === 7)
  expect(consul.connections.open).toBe(3)
  consul.on('h', { kind: 'entries', entries: [] })
  expect(await ask('h')).toMatchObject({ ok: true })
  expect(consul.connections.opened).toBe(3)
})

test('a connection that nobody needs any longer ends after a minute', async () => {
  let release: (() => void) | undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const next = { kind: 'entries', entries: [] } as const
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(async (name) => {
    consul.on(name, { kind: 'after', release: released, next })
    return ask(name)
  })
  await until(() => consul.requests.now === 7)
  release?.()
  await Promise.all(all)
  await clock.advance(59_000)
  expect(consul.connections.open).toBe(3)
  await clock.advance(1_000)
  await until(() => consul.connections.open === 1)
  expect(await ask('x')).toMatchObject({ ok: true })
  expect(consul.connections.opened).toBe(3)
})

test.each<[string, Behaviour, object]>([
  ['a body that breaks off', { kind: 'truncated', body: '[' }, { reason: 'consul-unreachable' }],
  ['more than is read', { kind: 'huge', bytes: 4_000_000 }, { reason: 'consul-answer-unusable' }],
  [
    'a packed body',
    { kind: 'answer', status: 200, body: 'x', headers: { 'content-encoding': 'gzip' } },
    { reason: 'consul-answer-unusable' },
  ],
  [
    'a stream that is cut before its answer',
    { kind: 'handle', handle: (exchange) => exchange.cut() },
    { reason: 'consul-unreachable' },
  ],
  [
    'a connection that is cut in the middle of an answer',
    {
      kind: 'handle',
      handle: (exchange) => {
        exchange.answer(200)
        exchange.write('[]', () => consul.dropAll())
      },
    },
    { reason: 'consul-unreachable' },
  ],
])('%s is a failure, and the next question is answered', async (_, behaviour, failure) => {
  consul.on('bad', behaviour)
  expect(await ask('bad')).toMatchObject({ ok: false, failure })
  expect(await ask('good')).toMatchObject({ ok: true })
  await until(() => consul.requests.now === 0)
})

test('what the other side has not looked at is asked again, once, unless told otherwise', async () => {
  let refusals = 0
  consul.on('web', {
    kind: 'handle',
    handle: (exchange) => {
      refusals += 1
      if (refusals % 2 === 1) exchange.reset()
      else {
        exchange.answer(200)
        exchange.end('[]')
      }
    },
  })
  expect(await ask('web')).toMatchObject({ ok: true })
  expect(refusals).toBe(2)
  expect(await ask('web', { ...LIMITS, once: true })).toMatchObject({ ok: false })
  expect(refusals).toBe(3)
})

test('asked to go away: what is under way may end, what comes after goes elsewhere', async () => {
  let release: (() => void) | undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  consul.on('slow', { kind: 'after', release: released, next: { kind: 'entries', entries: [] } })
  const slow = ask('slow')
  await until(() => consul.requests.now === 1)
  consul.sendAway()
  await until(() => consul.connections.open === 1)
  expect(await ask('web')).toMatchObject({ ok: true })
  expect(consul.connections.opened).toBe(2)
  release?.()
  expect(await slow).toMatchObject({ ok: true })
  await until(() => consul.connections.open === 1)
})

test('all that wait on a connection hear of its end; the next question opens another', async () => {
  consul.on('a', HANG)
  consul.on('b', HANG)
  const waiting = [ask('a'), ask('b')]
  await until(() => consul.requests.now === 2)
  consul.dropAll()
  for (const outcome of await Promise.all(waiting))
    expect(outcome).toMatchObject({ failure: { reason: 'consul-unreachable', transient: true } })
  expect(await ask('web')).toMatchObject({ ok: true })
})

test('given up by its deadline or by a signal, a stream ends and its connection stays', async () => {
  consul.on('a', HANG)
  const late = ask('a')
  await until(() => consul.requests.now === 1)
  await clock.advance(10_000)
  expect(await late).toMatchObject({ failure: { reason: 'timeout' } })
  // The ping after a late answer comes back.
  await until(() => consul.requests.now === 0 && !clock.waits.includes(5_000))
  const controller = new AbortController()
  const unwanted = ask('a', { ...LIMITS, signal: controller.signal })
  await until(() => consul.requests.now === 1)
  controller.abort()
  expect(await unwanted).toMatchObject({ failure: { reason: 'interrupted' } })
  await until(() => consul.requests.now === 0)
  await clock.advance(30_000)
  expect(await ask('web')).toMatchObject({ ok: true })
  expect(consul.connections.opened).toBe(1)
})

test('a connection on which one answer is late and no ping comes back is given up for all', async () => {
  const wall = await startWall(consul.address)
  client = open(wall.address)
  consul.on('a', HANG)
  const patient = ask('a', { ...LIMITS, timeoutMs: 265_000 })
  const late = ask('a')
  await until(() => consul.requests.now === 2)
  wall.goSilent()
  await clock.advance(10_000)
  expect(await late).toMatchObject({ failure: { reason: 'timeout' } })
  wall.speak()
  expect(await ask('web')).toMatchObject({ ok: true })
  await clock.advance(5_000)
  expect(await patient).toMatchObject({ failure: { reason: 'consul-unreachable' } })
})

test('a connection that never begins is given up, and does not keep the next one waiting', async () => {
  const wall = await startWall(consul.address)
  wall.goSilent()
  client = open(wall.address)
  const first = ask('web')
  await until(() => wall.connections() === 1)
  await clock.advance(10_000)
  expect(await first).toMatchObject({ ok: false })
  wall.speak()
  expect(await ask('web')).toMatchObject({ ok: true })
})

test('where only HTTP/1.1 is spoken it is said so', async () => {
  const old = await startFakeConsul({ tls: pair })
  onTestFinished(() => old.stop())
  client = open(old.address)
  expect(await ask('web')).toMatchObject({
    failure: { message: expect.stringContaining('offers no HTTP/2') },
  })
  expect(refused).toBe(1)
  await until(() => old.connections.open === 0)
})

test('a certificate that is not trusted, or for another name, is refused with its remedy', async () => {
  client = open(consul.address, (await makeTlsPair()).cert)
  expect(await ask('web')).toMatchObject({
    failure: { hint: expect.stringContaining('consul.tls.caFile'), transient: false },
  })
  client = open(consul.address.replace('127.0.0.1', 'localhost'))
  expect(await ask('web')).toMatchObject({
    failure: { hint: expect.stringContaining('consul.tls.serverName') },
  })
})

test('a refused connection is said as such', async () => {
  await consul.stop()
  expect(await ask('web')).toMatchObject({
    failure: { message: expect.stringContaining('ECONNREFUSED'), transient: true },
  })
})

test('closed, it leaves no connection and no timer', async () => {
  consul.on('a', HANG)
  const waiting = ask('a')
  await until(() => consul.requests.now === 1)
  client.close()
  expect(await waiting).toMatchObject({ ok: false })
  await until(() => consul.connections.open === 0)
  expect(clock.waits).toEqual([])
})

interface Wall {
  readonly address: string
  connections(): number
  /** From now on nothing gets through, neither way, on what is open already. */
  goSilent(): void
  /** New connections get through again. */
  speak(): void
}

/** Stands between, and can make connections die in silence. */
async function startWall(address: string): Promise<Wall> {
  const { port, hostname } = new URL(address)
  const sockets: Socket[] = []
  let silent = false
  let count = 0
  const server: Server = createServer((near) => {
    count += 1
    near.on('error', () => {})
    sockets.push(near)
    if (silent) return
    const far = connect(Number(port), hostname)
    sockets.push(far)
    far.on('error', () => {})
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const own: { port?: number } = Object(server.address())
  return {
    address: `https://127.0.0.1:${own.port}`,
    connections: () => count,
    goSilent: () => {
      silent = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    speak: () => {
      silent = false
    },
  }
}
