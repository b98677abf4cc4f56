/** Many reloads, by Legate or by others, and what outlives them: bounded in number, and nobody is cut off before his time. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { startTalk } from '../hitless/stream.ts'
import { startWeb } from '../hitless/web.ts'
import type { Changes, Daemon, DaemonSite } from './rig.ts'
import {
  expectClean,
  expectNoDrift,
  makeDaemonSite,
  only,
  putWebs,
  serversIn,
  startDaemon,
  underLoad,
} from './rig.ts'
import { changeStructure, isInForce } from './structure.ts'
import { put } from './services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

interface Run {
  readonly site: DaemonSite
  readonly daemon: Daemon
}

async function makeRun(app: string, changes: Changes, more = ''): Promise<Run> {
  await put(consul, { service: app, id: `${app}-1`, port: (await startWeb(`${app}-1`)).port })
  const manifests = (s: { readonly port: number }): string =>
    plainFrontend(s) + consulBackend('app', app) + more
  const site = await makeDaemonSite(consul, manifests, changes)
  const daemon = await startDaemon(site)
  await daemon.servers('app', 1)
  return { site, daemon }
}

let runs = 0

/** A service that nobody has registered yet, also when a test is tried again. */
function anApp(name: string): string {
  runs += 1
  return `${name}-${runs}`
}

async function countsOldWorkers(daemon: Daemon, count: number): Promise<void> {
  const line = new RegExp(`^legate_haproxy_old_workers ${count}$`, 'm')
  await expect.poll(async () => line.test(await daemon.metrics()), { timeout: 5000 }).toBe(true)
}

function lane({ port }: DaemonSite): { port: number; host: string } {
  return { port, host: 'example.org' }
}

describe.skipIf(haproxy === undefined || shared === undefined)('many reloads', () => {
  test('asked for in a row: few are made, the newest counts', async () => {
    const app = anApp('storm')
    const rationed = { reloadQuiet: '0ms', reloadMax: '1ms', reloadBurst: 2, reloadEvery: '3s' }
    const { site, daemon } = await makeRun(app, { loop: rationed })
    const seen = await underLoad(site, [only(app)], async () => {
      for (let i = 0; i < 14; i += 1) {
        changeStructure(site, `storm-${i}`)
        // Longer than it takes to see that a file is whole.
        await pause(300)
      }
      await isInForce(daemon, 'storm-13')
    })
    expectClean(seen)
    // Two at once, and one more every three seconds of five.
    expect(seen.reloads).toBeGreaterThan(1)
    expect(seen.reloads).toBeLessThanOrEqual(4)
    await expectNoDrift(site)
  })

  test('of which 50 at once by a person: nobody notices, Legate adds none, and goes on', async () => {
    const app = anApp('signals')
    const { site, daemon } = await makeRun(app, {})
    const { masterPid } = await site.seen()
    const seen = await underLoad(site, [only(app)], async () => {
      for (let i = 0; i < 50; i += 1) process.kill(masterPid, 'SIGUSR2')
      await putWebs(consul, app, [2])
      await daemon.servers('app', 2, 20_000)
      await expect.poll(() => serversIn(site), { timeout: 10_000 }).toBe(2)
      await pause(500)
    })
    expectClean(seen, 50)
    expect(seen.reloads).toBeGreaterThan(0)
    expect(daemon.log).not.toContain('applied (reload)')
    await expectNoDrift(site)
  })

  test('with old workers that do not end: the next one waits for them, and is told', async () => {
    const app = anApp('old-workers')
    const { site, daemon } = await makeRun(app, { loop: { oldWorkers: 2 } })
    const talks = [await startTalk(lane(site))]
    const seen = await underLoad(site, [only(app)], async () => {
      for (const round of [1, 2]) {
        changeStructure(site, `old-${round}`)
        await isInForce(daemon, `old-${round}`)
        talks.push(await startTalk(lane(site)))
      }
      await countsOldWorkers(daemon, 2)
      changeStructure(site, 'old-3')
      const waits = await daemon.until((s) => s.pending?.action === 'reload')
      expect(waits.haproxy).toMatchObject({ oldWorkers: 2, reloads: 2 })
      // Instances do not wait for it.
      await putWebs(consul, app, [2])
      await expect.poll(() => serversIn(site), { timeout: 10_000 }).toBe(2)
      await pause(1500)
      expect((await site.seen()).reloads).toBe(2)
      expect(daemon.log).toContain('while the reload waits')
      expect(daemon.log).not.toContain('drift')
      expect(talks.map(({ trouble }) => trouble)).toEqual([undefined, undefined, undefined])
      talks[0]?.end()
      await isInForce(daemon, 'old-3')
    })
    expectClean(seen)
    expect((await site.seen()).reloads).toBe(3)
    expect(talks.slice(1).map(({ trouble }) => trouble)).toEqual([undefined, undefined])
  })

  test('leave an old connection its time: until `hardStopAfter`, and no longer', async () => {
    const app = anApp('hard-stop')
    const stop = `---
apiVersion: legate/v1
kind: Global
metadata: { name: global }
spec: { hardStopAfter: 3s }
`
    const { site, daemon } = await makeRun(app, {}, stop)
    const talk = await startTalk(lane(site))
    const seen = await underLoad(site, [only(app)], async () => {
      changeStructure(site, 'first')
      const beganMs = performance.now()
      await isInForce(daemon, 'first')
      await pause(1000)
      expect(talk).toMatchObject({ trouble: undefined })
      await expect.poll(() => talk.trouble, { timeout: 8000 }).toBe('closed')
      const tookMs = performance.now() - beganMs
      expect(tookMs).toBeGreaterThan(2900)
      expect(tookMs).toBeLessThan(6000)
      await daemon.until((s) => s.haproxy?.oldWorkers === 0)
      await countsOldWorkers(daemon, 0)
    })
    expectClean(seen)
  })
})
