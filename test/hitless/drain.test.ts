/** Servers that leave keep what they have in flight, those that come are not asked too early, and streams outlive both. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  makeDaemonSite,
  startDaemon,
  type Changes,
  type Daemon,
  type DaemonSite,
} from '../daemon/rig.ts'
import { put, remove } from '../daemon/services.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { freePort } from '../tools/free-port.ts'
import { ask, startLoad, type Lane, type LoadResult } from './load.ts'
import { serversOfFile, serversOfProcess } from './servers.ts'
import { laneOf, manifestsOf, TCP_CHECK } from './sites.ts'
import { startTalk } from './stream.ts'
import { letGo, startWeb, type Web } from './web.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }
/** A stall of this very process brings nobody down. */
const HTTP_CHECK =
  'check: { type: HTTP, path: /health, interval: 100ms, timeout: 5s, rise: 1, fall: 10 }'

interface Run {
  readonly site: DaemonSite
  readonly daemon: Daemon
  readonly lane: Lane
  /** `<name>-1` and `<name>-2`, at work. */
  readonly webs: readonly [Web, Web]
  /** In the process. */
  servers(): Promise<string[]>
}

async function runWith(name: string, changes: Changes = {}, check = TCP_CHECK): Promise<Run> {
  const webs = [await startWeb(`${name}-1`), await startWeb(`${name}-2`)] as const
  for (const web of webs) await come(name, web)
  const site = await makeDaemonSite(consul, manifestsOf([{ name, more: [check] }]), {
    ...changes,
    // Nothing is seen only because somebody looks anyway.
    loop: { look: '10m', ...changes.loop },
    guards: { backendShare: 100, totalShare: 100 },
  })
  const daemon = await startDaemon(site)
  await daemon.servers(name, 2)
  const servers = (): Promise<string[]> => serversOfProcess(site.path('m.sock'))
  return { site, daemon, webs, lane: laneOf(name, site), servers }
}

function come(service: string, { name, port }: Pick<Web, 'name' | 'port'>): Promise<void> {
  return put(consul, { service, id: name, port })
}

function at({ address, port }: Pick<Web, 'address' | 'port'>, servers: readonly string[]): string {
  return servers.find((line) => line.includes(` ${address}:${port} `)) ?? 'gone'
}

/** So many at once, half of them at each of the two. */
async function hold({ lane, webs }: Run, count: number): Promise<Promise<string | undefined>[]> {
  const asked = Array.from({ length: count }, () => ask(lane, '/hold'))
  const held = (): number[] => webs.map((web) => web.held.size)
  await expect.poll(held, { timeout: 10_000 }).toEqual([count / 2, count / 2])
  return asked
}

const STRENGTH = { clients: { fresh: 2, kept: 2, slow: 2 }, pauseMs: 8, slowMs: 300 }

async function whileAsked(lane: Lane, story: () => Promise<void>): Promise<LoadResult> {
  const load = startLoad([lane], STRENGTH)
  try {
    await story()
  } finally {
    await load.stop()
  }
  return load.stop()
}

describe.skipIf(haproxy === undefined || shared === undefined)('a server', () => {
  test('that leaves with 100 requests in flight answers them all, and is gone then', async () => {
    const run = await runWith('leaves')
    const { site, lane, webs } = run
    const [leaving, stays] = webs
    const asked = await hold(run, 200)
    await remove(consul, leaving.name)
    await expect.poll(async () => at(leaving, await run.servers())).toMatch(/ 0 admin state /)
    await expect.poll(() => at(leaving, serversOfFile(site.configFile))).toBe('gone')
    const others = Array.from({ length: 50 }, () => ask(lane, '/'))
    expect(new Set(await Promise.all(others))).toEqual(new Set([undefined]))
    expect(leaving.asked).toBe(100)
    // Long after one that has nothing in flight would be gone.
    await pause(1500)
    expect(leaving.held.size).toBe(100)
    letGo(leaving, stays)
    expect(new Set(await Promise.all(asked))).toEqual(new Set([undefined]))
    await expect
      .poll(async () => at(leaving, await run.servers()), { timeout: 20_000 })
      .toBe('gone')
    expect((await site.seen()).reloads).toBe(0)
  })

  test('that leaves loses what is in flight when `haproxy.drain` is over', async () => {
    const run = await runWith('deadline', { haproxy: { drain: '2s' } })
    const [leaving, stays] = run.webs
    const asked = await hold(run, 20)
    const beganMs = performance.now()
    await remove(consul, leaving.name)
    await expect
      .poll(async () => at(leaving, await run.servers()), { timeout: 20_000 })
      .toBe('gone')
    expect(performance.now() - beganMs).toBeGreaterThan(2000)
    letGo(leaving, stays)
    const ends = await Promise.all(asked)
    expect(ends.filter((trouble) => trouble !== undefined)).toHaveLength(10)
    expect((await run.site.seen()).reloads).toBe(0)
  })

  test('that refuses requests and leaves is there until nobody waits for it, or HAProxy would die', async () => {
    const name = 'refuses'
    const { site, lane, servers, daemon } = await runWith(name, {}, 'check: { type: None }')
    const { masterPid, workerPid } = await site.seen()
    const dead = { name: `${name}-dead`, address: '127.0.0.1', port: await freePort() }
    const beganMs = performance.now()
    const asked = startLoad([lane], { ...STRENGTH, clients: { fresh: 20, kept: 20, slow: 0 } })
    await come(name, dead)
    await daemon.servers(name, 3)
    // Whoever has been refused by then asks it three times more, each time after a second.
    await pause(500)
    await remove(consul, dead.name)
    await expect.poll(async () => at(dead, await servers()), { timeout: 20_000 }).toBe('gone')
    const goneMs = performance.now() - beganMs
    const { failures } = await asked.stop()
    const lastMs = Math.max(...failures.map((line) => Number(/ to (\d+) ms/.exec(line)?.[1])))
    expect(lastMs).toBeGreaterThan(3000)
    expect(lastMs).toBeLessThan(goneMs)
    expect(await site.seen()).toMatchObject({ masterPid, workerPid, reloads: 0 })
  })

  test('that comes is not asked before its check has passed', async () => {
    const name = 'comes'
    const { lane, servers } = await runWith(name, {}, HTTP_CHECK)
    const early = await startWeb(`${name}-early`, { isHealthy: false })
    const late = { name: `${name}-late`, address: '127.0.0.1', port: await freePort() }
    const { failures } = await whileAsked(lane, async () => {
      await come(name, early)
      await come(name, late)
      await expect.poll(async () => at(early, await servers())).toMatch(/ 0 ready$/)
      await expect.poll(async () => at(late, await servers())).toMatch(/ 0 ready$/)
      await pause(1500)
      expect(early.asked).toBe(0)
      early.isHealthy = true
      const web = await startWeb(late.name, late)
      await expect.poll(() => early.asked, { timeout: 10_000 }).toBeGreaterThan(0)
      await expect.poll(() => web.asked, { timeout: 10_000 }).toBeGreaterThan(0)
    })
    expect(failures).toEqual([])
  })

  test('that moves is not asked at the new place before its check has passed there, nor at the old one later', async () => {
    const name = 'moves'
    const { lane, webs, servers, site } = await runWith(name, {}, HTTP_CHECK)
    const [old] = webs
    const next = await startWeb(`${name}-next`, { isHealthy: false })
    const { failures } = await whileAsked(lane, async () => {
      await pause(300)
      await come(name, { name: old.name, port: next.port })
      await expect
        .poll(async () => at(next, await servers()), { timeout: 10_000 })
        .toMatch(/ 0 ready$/)
      old.asked = 0
      await pause(500)
      expect([old.asked, next.asked]).toEqual([0, 0])
      next.isHealthy = true
      await expect.poll(() => next.asked, { timeout: 10_000 }).toBeGreaterThan(20)
      expect(old.asked).toBe(0)
    })
    expect(failures).toEqual([])
    expect((await site.seen()).reloads).toBe(0)
  })

  test('with a download and a talk in progress: both outlive its leaving, and reloads', async () => {
    const name = 'streams'
    const { site, daemon, lane, webs } = await runWith(name)
    const talks = [await startTalk(lane), await startTalk(lane)]
    const downloads = Array.from({ length: 2 }, () => ask(lane, '/download'))
    const goOn = async (): Promise<void> => {
      const said = talks.map(({ words }) => words)
      await pause(300)
      expect(talks.map(({ trouble }) => trouble)).toEqual([undefined, undefined])
      for (const [i, { words }] of talks.entries()) expect(words).toBeGreaterThan(said[i] ?? 0)
    }
    await goOn()
    const third = await startWeb(`${name}-3`)
    await come(name, third)
    await daemon.servers(name, 3)
    for (const web of webs) {
      await remove(consul, web.name)
      await goOn()
    }
    await daemon.servers(name, 1)
    await goOn()
    for (const [i, web] of webs.entries()) {
      await come(name, web)
      const more = [TCP_CHECK, `timeouts: { server: ${60_000 + i}ms }`]
      site.write('manifests/site.yaml', manifestsOf([{ name, more }])(site))
      await daemon.until((s) => s.haproxy?.reloads === i + 1 && s.sync === 'InSync')
      await goOn()
    }
    letGo(...webs)
    expect(await Promise.all(downloads)).toEqual([undefined, undefined])
  })
})
