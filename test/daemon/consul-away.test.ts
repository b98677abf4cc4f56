/** Consul is away, comes back, comes back empty, or answers nonsense: nobody who asks HAProxy notices. */
import { rmSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { RealServer } from '../consul/real-agent.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { ask, startWeb } from '../e2e/web.ts'
import { FakeService } from '../fakes/consul-service.ts'
import { startFakeConsul, type Behaviour } from '../fakes/consul.ts'
import { findConsul } from '../tools/binaries.ts'
import { inSoak } from './durations.ts'
import { makeGate } from './gate.ts'
import type { DaemonSite } from './rig.ts'
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
const binary = (await findConsul({ fetch: true })) ?? ''
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

/** How long Consul is away. */
const KILLED_MS = inSoak(60_000, 1500)

/** What must not move while nothing is known: the file, and the process. */
async function standing(site: DaemonSite): Promise<unknown> {
  const { ino, mtimeMs } = statSync(site.configFile)
  return { ino, mtimeMs, ...(await site.seen()) }
}

const TOXICS: Readonly<Record<string, Behaviour>> = {
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
  truncated: { kind: 'truncated', body: '[{"Node": {' },
  drip: { kind: 'drip', body: '[', everyMs: 100 },
  storm: { kind: 'answer', status: 500, body: 'No cluster leader' },
  html: { kind: 'answer', status: 200, body: '<html>log in first</html>' },
  shape: { kind: 'answer', status: 200, body: '{"Service": "web"}' },
  raw: { kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.2\r\n' },
}

describe.skipIf(haproxy === undefined || shared === undefined)('Consul', () => {
  test(
    'killed, started with its data, killed, started empty',
    { timeout: KILLED_MS + 90_000 },
    async () => {
      const app = 'killed'
      const server = await RealServer.start({ binary })
      await server.untilItLeads()
      await putWebs(server, app, [1, 2])
      const site = await makeDaemonSite(server, (s) => plainFrontend(s) + consulBackend('app', app))
      const daemon = await startDaemon(site)
      await daemon.servers('app', 2)
      const seen = await underLoad(site, [only(app)], async () => {
        const before = await standing(site)
        await server.kill()
        await daemon.logged(/Consul service killed: .*; what was known stays/)
        await daemon.until((s) => s.consul.failing.length === 1)
        await pause(KILLED_MS)
        expect(await standing(site)).toEqual(before)
        await server.restart()
        await server.untilItLeads()
        await putWebs(server, app, [3])
        await daemon.servers('app', 3, 20_000)
        await daemon.logged('Consul service killed: answered again')
        await expectNoDrift(site)

        await server.kill()
        await server.restart({ wipe: true })
        const held = await daemon.until((s) => s.backends[0]?.held === true, 30_000)
        expect(held).toMatchObject({ sync: 'Held', why: ['Backend/default/app: servers are kept'] })
        const says =
          'Backend/default/app: Consul knows no instance any more; the 3 servers it had are kept'
        await daemon.logged(` warn  ${says}`)
        expect(held.diagnostics).toContainEqual(
          expect.objectContaining({ code: 'LG5005', severity: 'warning', message: says }),
        )
        expect(held.backends[0]).toMatchObject({ available: 3, level: 'Healthy' })
        expect(await daemon.metrics()).toContain(
          'legate_guard_active{backend="default/app",guard="servers"} 1',
        )
        await putWebs(server, app, [1, 2, 3])
        await daemon.servers('app', 3, 20_000)
        await daemon.logged('Backend/default/app: servers are no longer held')
      })
      expectClean(seen)
      // A server joined, and three came back one by one on other ports; nothing else.
      expect(seen.changes).toBeLessThanOrEqual(4)
      await expectNoDrift(site)
    },
  )

  test('answers nonsense of eight kinds at once: nothing is applied, and all heal', async () => {
    const fake = await startFakeConsul()
    const port = await startWeb('toxic-1')
    const services = new Map(
      ['well', ...Object.keys(TOXICS)].map((name) => [name, new FakeService([])] as const),
    )
    const instance = (id: string): object => ({ id, address: '127.0.0.1', port })
    for (const [name, service] of services) {
      service.set([Object.assign({ id: 'one' }, instance('one'))])
      fake.on(name, service.behaviour)
    }
    const site = await makeDaemonSite(
      fake,
      (s) =>
        plainFrontend(s).replace('name: app', 'name: html') +
        [...services.keys()].map((name) => consulBackend(name, name)).join(''),
      { consul: { timeout: '500ms' } },
    )
    const daemon = await startDaemon(site)
    await daemon.servers('well', 1)
    const seen = await underLoad(site, [only('toxic')], async () => {
      const before = await standing(site)
      for (const [name, behaviour] of Object.entries(TOXICS)) fake.on(name, behaviour)
      fake.dropAll()
      const sick = await daemon.until((s) => s.consul.failing.length === 8)
      await pause(1000)
      expect(await standing(site)).toEqual(before)
      expect(sick.backends.every((b) => b.available === 1)).toBe(true)
      for (const [name, service] of services) fake.on(name, service.behaviour)
      await daemon.until((s) => s.consul.failing.length === 0 && s.sync === 'InSync')
      expect(await standing(site)).toEqual(before)
    })
    expectClean(seen)
    await daemon.stop()
    await fake.stop()
  })

  test('away at the start, HAProxy runs, no state: nothing is touched until it answers', async () => {
    const app = 'away-no-state'
    const gate = await makeGate(consul.address)
    gate.open()
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(gate, (s) => plainFrontend(s) + consulBackend('app', app))
    const first = await startDaemon(site)
    await first.servers('app', 1)
    expect((await first.stop()).code).toBe(0)
    rmSync(site.path('state/last-good.json'))
    gate.shut()
    const seen = await underLoad(site, [only(app)], async () => {
      const before = await standing(site)
      const daemon = await startDaemon(site)
      const status = await daemon.until((s) => s.sync === 'Failing')
      expect(status.why.join()).toMatch(/^Backend\/default\/app: /)
      await pause(1000)
      expect(await standing(site)).toEqual(before)
      gate.open()
      await putWebs(consul, app, [2])
      await daemon.servers('app', 2)
    })
    expectClean(seen)
  })

  test('away at the start, nothing is there: 503 with a condition after syncTimeout, then all heals', async () => {
    const app = 'away-nothing'
    const gate = await makeGate(consul.address)
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(gate, (s) => plainFrontend(s) + consulBackend('app', app))
    const beganMs = performance.now()
    const daemon = await startDaemon(site)
    const status = await daemon.until((s) => s.backends.length === 1 && s.sync === 'InSync')
    expect(performance.now() - beganMs).toBeGreaterThan(1500)
    expect(status.backends[0]).toMatchObject({ level: 'Empty', available: 0 })
    expect(status.diagnostics.map((d) => d.code)).toContain('LG5007')
    expect(await ask({ port: site.port })).toMatchObject({ status: 503 })
    gate.open()
    await daemon.servers('app', 1)
    expect(await ask({ port: site.port })).toMatchObject({ server: `${app}-1` })
  })

  test('kill -9, HAProxy ended, Consul away: the next daemon starts from the last good state', async () => {
    const app = 'restarted'
    const gate = await makeGate(consul.address)
    gate.open()
    await putWebs(consul, app, [1, 2])
    const site = await makeDaemonSite(gate, (s) => plainFrontend(s) + consulBackend('app', app), {
      loop: { syncTimeout: '20s' },
    })
    const first = await startDaemon(site)
    await first.servers('app', 2)
    await expect
      .poll(() => statSync(site.path('state/last-good.json'), { throwIfNoEntry: false })?.mode)
      .toBe(0o100600)
    await first.kill()
    expect((await site.legate('stop')).code).toBe(0)
    site.edit('manifests/site.yaml', (text) => text.replace('rules:', 'rulez:'))
    gate.shut()
    const beganMs = performance.now()
    const second = await startDaemon(site)
    const status = await second.until((s) => s.sync === 'Held' && s.backends.length === 1)
    // Nothing is waited for: the last answer stands in.
    expect(performance.now() - beganMs).toBeLessThan(10_000)
    expect(status.backends[0]).toMatchObject({ available: 2, held: true })
    const seen = await underLoad(site, [only(app)], async () => {
      gate.open()
      await putWebs(consul, app, [3])
      await second.until((s) => s.backends[0]?.available === 3)
      site.edit('manifests/site.yaml', (text) => text.replace('rulez:', 'rules:'))
      await second.servers('app', 3)
    })
    expectClean(seen)
  })
})
