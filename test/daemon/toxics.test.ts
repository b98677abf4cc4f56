/** Everything that can happen to answers between Consul and the daemon: nothing is applied, nobody notices, all heals. */
import { statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { inSoak, tell } from './durations.ts'
import { makeFaultProxy, type FaultProxy, type Toxic } from './fault-proxy.ts'
import type { Daemon, DaemonSite } from './rig.ts'
import {
  expectClean,
  expectNoDrift,
  makeDaemonSite,
  only,
  putWebs,
  startDaemon,
  underLoad,
} from './rig.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

const LASTS_MS: readonly number[] = inSoak([2_000, 60_000], [1_200])
/** From its end until a change that came meanwhile is in force. */
const HEALED_MS = 5_000
/** Who was told that there is too much to do stays away a little longer. */
const HEALED_429_MS = inSoak(70_000, 10_000)

async function untouched(site: DaemonSite): Promise<unknown> {
  const { ino, mtimeMs } = statSync(site.configFile)
  return { ino, mtimeMs, ...(await site.seen()) }
}

interface Case {
  readonly app: string
  readonly site: DaemonSite
  readonly daemon: Daemon
  readonly proxy: FaultProxy
}

const TIMEOUT_MS = inSoak(900_000, 90_000)

/** `count` servers before, one more after. */
async function suffer(one: Case, toxic: Toxic, count: number, lastsMs: number): Promise<void> {
  const { app, site, daemon, proxy } = one
  const before = await untouched(site)
  proxy.spoil(toxic)
  const beganMs = performance.now()
  // What is swallowed is found out by a deadline alone, and that is longer than a short fault.
  if (toxic !== 'black-hole' || lastsMs > 20_000)
    await daemon.until((s) => s.consul.failing.length === 1, 20_000)
  await putWebs(consul, app, [count + 1])
  await pause(Math.max(0, beganMs + lastsMs - performance.now()))
  expect(await untouched(site)).toEqual(before)
  expect((await daemon.status()).backends[0]).toMatchObject({ available: count, held: false })
  proxy.heal()
  const healedMs = performance.now()
  await daemon.servers('app', count + 1, 80_000)
  const tookMs = performance.now() - healedMs
  tell(`${toxic} for ${lastsMs} ms: healed after ${Math.round(tookMs)} ms`)
  expect(tookMs).toBeLessThan(toxic === 'status-429' ? HEALED_429_MS : HEALED_MS)
  expect((await daemon.status()).consul.failing).toEqual([])
}

const LANES: Readonly<Record<string, readonly Toxic[]>> = {
  connections: ['refused', 'black-hole', 'reset-in-body', 'truncated', 'drip'],
  answers: ['status-500', 'html', 'wrong-shape', 'gzip', 'status-429'],
}

/** One site through all of its toxics. */
async function sufferAll(name: string, toxics: readonly Toxic[]): Promise<number> {
  const app = `toxic-${name}`
  const proxy = await makeFaultProxy(consul.address)
  await putWebs(consul, app, [1])
  // The deadline of a blocking query is 10 s more than this.
  const site = await makeDaemonSite(proxy, (s) => plainFrontend(s) + consulBackend('app', app), {
    consul: { timeout: '1s', wait: '2s' },
  })
  const daemon = await startDaemon(site)
  await daemon.servers('app', 1)
  const seen = await underLoad(site, [only(app)], async () => {
    let count = 1
    for (const toxic of toxics)
      for (const lastsMs of LASTS_MS) {
        await suffer({ app, site, daemon, proxy }, toxic, count, lastsMs)
        count += 1
      }
  })
  expectClean(seen)
  await expectNoDrift(site)
  return seen.changes
}

describe.skipIf(haproxy === undefined || shared === undefined)('between Consul and Legate', () => {
  test('connections and answers that fail in ten ways', { timeout: TIMEOUT_MS }, async () => {
    const lanes = Object.entries(LANES)
    const changes = await Promise.all(lanes.map(([name, toxics]) => sufferAll(name, toxics)))
    // One for each change that came while Consul was out of sight, and none for anything else.
    expect(changes).toEqual(lanes.map(([, toxics]) => toxics.length * LASTS_MS.length))
  })
})
