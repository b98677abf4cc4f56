/** The feed on real Consul servers: what the fake only claims, Consul itself does here. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { consulFeed, type ConsulFeedOptions } from '../../src/consul/feed.ts'
import { queryKey, type Answer, type ServiceQuery } from '../../src/model/catalog.ts'
import type { CatalogFeed, Clock, Watch } from '../../src/model/feed.ts'
import { realClock } from '../fakes/clock.ts'
import { findConsul } from '../tools/binaries.ts'
import { describe as idsOf, questions } from './feed-rig.ts'
import { RealServer } from './real-agent.ts'
import { makeTlsPair } from './tls-pair.ts'

const binary = await findConsul({ fetch: true })
const web: ServiceQuery = { service: 'web' }
const WEB = queryKey(web)

/** Pauses and deadlines of the feed pass so many times as fast. */
const HASTE = 4

function hastyClock(): Clock {
  const clock = realClock()
  return { ...clock, after: (ms, run) => clock.after(ms / HASTE, run) }
}

function follow(
  address: string,
  queries: readonly ServiceQuery[] = [web],
  options: Partial<ConsulFeedOptions> = {},
): CatalogFeed {
  const feed = consulFeed(
    {
      address,
      tls: { verify: 'Required' },
      timeoutMs: 40_000,
      maxConnections: 150,
      maxAnswerBytes: 1_000_000,
      ...options,
    },
    hastyClock(),
  )
  onTestFinished(() => feed.close())
  feed.follow(queries)
  return feed
}

async function startServer(hcl: readonly string[] = []): Promise<RealServer> {
  const server = await RealServer.start({ binary: binary ?? '', hcl })
  await server.untilItLeads()
  return server
}

function ids(feed: CatalogFeed): string | undefined {
  return idsOf(feed.current().get(WEB)?.answer)
}

function watchOf(feed: CatalogFeed): Watch {
  const [watch] = feed.watches()
  if (watch === undefined) throw new Error('nothing is followed')
  return watch
}

const EVENTUALLY = { timeout: 30_000, interval: 10 }

async function knows(feed: CatalogFeed, expected: string): Promise<Answer | undefined> {
  await expect.poll(() => ids(feed), EVENTUALLY).toBe(expected)
  return feed.current().get(WEB)?.answer
}

async function fails(feed: CatalogFeed): Promise<void> {
  await expect.poll(() => watchOf(feed).failures, EVENTUALLY).toBeGreaterThan(0)
}

async function isWell(feed: CatalogFeed): Promise<void> {
  await expect.poll(() => watchOf(feed).failures, EVENTUALLY).toBe(0)
}

/** Keeps a record of every answer there ever was. */
function record(feed: CatalogFeed): string[] {
  const seen: string[] = []
  feed.onChange(() => {
    const now = ids(feed) ?? ''
    if (seen.at(-1) !== now) seen.push(now)
  })
  return seen
}

async function tokenFileWith(token: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'token')
  await writeFile(path, token)
  return path
}

const ACL = 'acl { enabled = true default_policy = "deny" }'
const READER = 'service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }'

describe.skipIf(binary === undefined)('on a real server', { timeout: 60_000 }, () => {
  test('a change is seen within a second; a service that comes later as well', async () => {
    const server = await startServer()
    await server.put('web', 'a')
    const feed = follow(server.address, [web, { service: 'late' }])
    await knows(feed, 'a')
    for (const [change, expected] of [
      [() => server.put('web', 'b'), 'a b'],
      [() => server.remove('a'), 'b'],
    ] as const) {
      await change()
      const beganMs = performance.now()
      await knows(feed, expected)
      expect(performance.now() - beganMs).toBeLessThan(1_000)
    }
    await server.put('late', 'x')
    const late = (): string | undefined =>
      idsOf(feed.current().get(queryKey({ service: 'late' }))?.answer)
    await expect.poll(late, { timeout: 1_000, interval: 10 }).toBe('x')
  })

  test('killed and started again with its data: nothing was lost, and changes are seen again', async () => {
    const server = await startServer()
    await server.put('web', 'a')
    await server.put('web', 'b')
    const feed = follow(server.address)
    const answer = await knows(feed, 'a b')
    const seen = record(feed)
    await server.kill()
    await fails(feed)
    await server.restart()
    await isWell(feed)
    expect(feed.current().get(WEB)?.answer).toBe(answer)
    await server.put('web', 'c')
    await knows(feed, 'a b c')
    expect(seen).toEqual(['a b', 'a b c'])
  })

  test('killed and started again without its data: kept while confirmed, then reported as empty', async () => {
    const server = await startServer()
    for (let i = 0; i < 20; i += 1) await server.put('web', 'a', 8_000 + i)
    const feed = follow(server.address)
    await knows(feed, 'a')
    const seen = record(feed)
    await server.kill()
    await fails(feed)
    await server.restart({ wipe: true })
    await expect.poll(() => watchOf(feed).confirming, EVENTUALLY).toBe(true)
    const beganMs = performance.now()
    expect(ids(feed)).toBe('a')
    await knows(feed, '')
    // Two pauses, 7 s in all; a busy machine shows the first moment of it late.
    expect(performance.now() - beganMs).toBeGreaterThan(3_500 / HASTE)
    await server.put('web', 'z')
    await knows(feed, 'z')
    expect(seen).toEqual(['a', '', 'z'])
  })

  test('the token is revoked: what is known stays, and a new token file heals', async () => {
    const server = await startServer([ACL])
    await server.bootstrapAcl()
    await server.put('web', 'a')
    const reader = await server.tokenFor('reader', READER)
    const tokenFile = await tokenFileWith(reader.secret)
    const feed = follow(server.address, [web], { tokenFile, waitMs: 2_000 })
    await knows(feed, 'a')
    const seen = record(feed)
    await server.call('DELETE', `/v1/acl/token/${reader.accessor}`)
    await fails(feed)
    expect(watchOf(feed).failure?.message).toContain('HTTP 403')
    await server.put('web', 'b')
    await writeFile(tokenFile, (await server.tokenFor('second', READER)).secret)
    await knows(feed, 'a b')
    expect(seen).toEqual(['a', 'a b'])
  })

  test('the right is taken from the token: an emptied answer is no empty service', async () => {
    const server = await startServer([ACL])
    await server.bootstrapAcl()
    await server.put('web', 'a')
    const { secret } = await server.tokenFor('reader', READER)
    const feed = follow(server.address, [web], { token: secret, waitMs: 2_000 })
    await knows(feed, 'a')
    const seen = record(feed)
    const policy: { ID?: unknown } = Object(await server.call('GET', '/v1/acl/policy/name/reader'))
    const path = `/v1/acl/policy/${String(policy.ID)}`
    await server.call('PUT', path, { Name: 'reader', Rules: 'node_prefix "" { policy = "read" }' })
    await fails(feed)
    expect(watchOf(feed).failure?.hint).toContain('service:read')
    expect(ids(feed)).toBe('a')
    await server.call('PUT', path, { Name: 'reader', Rules: READER })
    await isWell(feed)
    expect(seen).toEqual(['a'])
  })

  test('ACLs are switched on: without a token everything looks empty, and nothing is believed', async () => {
    const server = await startServer()
    await server.put('web', 'a')
    const feed = follow(server.address)
    await knows(feed, 'a')
    const seen = record(feed)
    await server.kill()
    await server.restart({ hcl: [ACL] })
    await server.untilItLeads()
    await expect.poll(() => watchOf(feed).failure?.hint, EVENTUALLY).toContain('service:read')
    expect(ids(feed)).toBe('a')
    expect(seen).toEqual(['a'])
  })

  test('300 questions over HTTP/2 are a few connections', async () => {
    const pair = await makeTlsPair()
    const folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    await writeFile(certFile, pair.cert)
    await writeFile(keyFile, pair.key)
    const server = await startServer([`cert_file = "${certFile}" key_file = "${keyFile}"`])
    for (const { service } of questions(300)) await server.put(service, service)
    const tls = { caFile: certFile, verify: 'Required' } as const
    const feed = follow(server.httpsAddress, questions(300), { tls })
    const answered = (): number =>
      [...feed.current().values()].filter(
        ({ answer }) => answer.state === 'answered' && answer.instances.length === 1,
      ).length
    await expect.poll(answered, EVENTUALLY).toBe(300)
    const sockets = process
      .getActiveResourcesInfo()
      .filter((name) => name === 'TLSSocketWrap' || name === 'TLSWRAP')
    expect(sockets.length).toBeLessThanOrEqual(3)
    expect(feed.watches().some(({ polled, failures }) => polled === true || failures > 0)).toBe(
      false,
    )
    const beganMs = performance.now()
    await server.put('s299', 'more')
    const key = queryKey({ service: 's299' })
    await expect.poll(() => idsOf(feed.current().get(key)?.answer), EVENTUALLY).toBe('more s299')
    expect(performance.now() - beganMs).toBeLessThan(1_000)
  })

  test('more questions than Consul gives connections: the limit is taken for what it is', async () => {
    const server = await startServer(['limits { http_max_conns_per_client = 20 }'])
    for (const { service } of questions(40)) await server.put(service, service)
    // Consul counts the connection of a question that was given up until its wait is over.
    const feed = follow(server.address, questions(40), { waitMs: 2_000, startConcurrency: 8 })
    const polled = (): boolean => feed.watches().every((watch) => watch.polled === true)
    await expect.poll(polled, EVENTUALLY).toBe(true)
    const failing = (): number => feed.watches().filter(({ failures }) => failures > 0).length
    await expect.poll(failing, EVENTUALLY).toBe(0)
    expect(feed.current().size).toBe(40)
  })

  test('the leader dies, then the quorum: what is known stays, and heals with the servers', async () => {
    const first = await RealServer.start({ binary: binary ?? '', join: { servers: 3, others: [] } })
    const more = { binary: binary ?? '', join: { servers: 3, others: [first] } }
    const all = [first, await RealServer.start(more), await RealServer.start(more)]
    for (const one of all) await one.untilItLeads()
    const leader = await first.leader()
    const dies = all.find(({ rpc }) => rpc === leader) ?? first
    const [near, far] = all.filter((one) => one !== dies)
    if (near === undefined || far === undefined) throw new Error('three were started')
    await near.put('web', 'a')
    // A server that was elected and then loses its quorum holds the questions it has until their wait is over.
    const feed = follow(near.address, [web], { waitMs: 2_000 })
    const answer = await knows(feed, 'a')
    const seen = record(feed)
    // Consul itself may bridge the election; what matters is that nothing is lost.
    await dies.kill()
    await near.untilItLeads({ other: leader })
    await isWell(feed)
    await far.kill()
    await fails(feed)
    expect(feed.current().get(WEB)?.answer).toBe(answer)
    await far.restart()
    await isWell(feed)
    await near.untilItLeads()
    await near.put('web', 'b')
    await knows(feed, 'a b')
    expect(seen).toEqual(['a', 'a b'])
  }, 120_000)
})
