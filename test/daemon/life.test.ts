/** How a daemon begins and ends, alone on its target, and what it does when it, or HAProxy, comes to harm. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { backend, consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { ask } from '../e2e/web.ts'
import { ROOT } from '../tools/site.ts'
import { makeGate } from './gate.ts'
import type { DaemonSite } from './rig.ts'
import { expectClean, makeDaemonSite, only, putWebs, startDaemon, underLoad } from './rig.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

async function makeApp(app: string): Promise<DaemonSite> {
  await putWebs(consul, app, [1])
  return makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
}

/** What only a reload brings: one more Backend. */
function changeStructure(site: DaemonSite): void {
  const spec = ['source: { static: { servers: [{ name: one, address: 127.0.0.1, port: 9 }] } }']
  site.edit('manifests/site.yaml', (text) => text + backend('more', spec))
}

/** The failpoints act while the file `armed` is there. */
function failpoints(site: DaemonSite, points: string): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'test',
    LEGATE_FAILPOINTS: points,
    LEGATE_FAILPOINTS_WHILE: site.path('armed'),
  }
}

describe.skipIf(haproxy === undefined || shared === undefined)('a daemon', () => {
  test('is alone on its target: the second is refused with the pid, or waits and takes over', async () => {
    const app = 'alone'
    const site = await makeApp(app)
    const first = await startDaemon(site)
    await first.servers('app', 1)
    const begunMs = performance.now()
    const { code, stderr } = await site.legate('reconcile')
    expect(code).toBe(1)
    // Nothing that has been begun keeps it.
    expect(performance.now() - begunMs).toBeLessThan(8000)
    expect(stderr).toContain(`process ${first.pid}`)
    site.settings({ lockWait: '20s' })
    const waiting = await startDaemon(site)
    await waiting.begun()
    await first.kill()
    const killedMs = performance.now()
    await waiting.servers('app', 1)
    expect(performance.now() - killedMs).toBeLessThan(2000)
    expect((await waiting.status()).legate.pid).toBe(waiting.pid)
  })

  test('has everything in memory: its program may be replaced by another version while it runs', async () => {
    const app = 'replaced'
    const site = await makeApp(app)
    const good = site.read('manifests/site.yaml')
    site.write('manifests/site.yaml', 'apiVersion: legate/v1\n')
    const root = site.path('installed')
    for (const name of ['dist', 'schemas', 'templates', 'package.json'])
      cpSync(join(ROOT, name), join(root, name), { recursive: true })
    const daemon = await startDaemon(site, { root })
    await expect.poll(() => daemon.log).toContain('LG1001')
    rmSync(join(root, 'dist'), { recursive: true })
    site.write('manifests/site.yaml', good)
    await daemon.servers('app', 1)
    changeStructure(site)
    await expect.poll(() => daemon.log, { timeout: 10_000 }).toContain('applied (reload)')
    await putWebs(consul, app, [2])
    await daemon.servers('app', 2)
    expect((await daemon.stop()).code).toBe(0)
  })

  test('does not use a damaged state, and says so', async () => {
    const site = await makeApp('damaged')
    const first = await startDaemon(site)
    await first.servers('app', 1)
    await first.stop()
    site.edit('state/last-good.json', (text) => text.replace('"revision":"', '"revision":"0'))
    const second = await startDaemon(site)
    await second.servers('app', 1)
    expect(second.log).toContain('the saved state is not used: its checksum does not hold')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: ends with 0, and HAProxy goes on',
    async (signal) => {
      const app = `ends-${signal.toLowerCase()}`
      const site = await makeApp(app)
      const daemon = await startDaemon(site)
      await daemon.servers('app', 1)
      const seen = await underLoad(site, [only(app)], async () => {
        const sentMs = performance.now()
        daemon.signal(signal)
        expect(await daemon.ended()).toMatchObject({ code: 0, signal: null })
        expect(performance.now() - sentMs).toBeLessThan(3000)
        await expect.poll(() => ask({ port: site.port })).toMatchObject({ status: 200 })
      })
      expect(seen.failures).toEqual([])
    },
  )

  test('SIGTERM in the middle of a reload: brings it to its end', async () => {
    const app = 'mid-reload'
    const site = await makeApp(app)
    const daemon = await startDaemon(site, { env: failpoints(site, 'after-rename:sleep(1200)') })
    await daemon.servers('app', 1)
    const seen = await underLoad(site, [only(app)], async () => {
      site.write('armed', '')
      const before = site.read('haproxy.cfg')
      changeStructure(site)
      await expect
        .poll(() => site.read('haproxy.cfg'), { timeout: 5000, interval: 10 })
        .not.toBe(before)
      daemon.signal('SIGTERM')
      expect((await daemon.ended()).code).toBe(0)
      expect(site.read('haproxy.cfg')).toContain(String((await site.seen()).structure))
    })
    expectClean(seen)
    expect(daemon.log).toMatch(/stopping[\s\S]*applied \(reload\)[\s\S]*stopped/)
    expect((await site.legate('reconcile', '--once')).stdout).toMatch(/^in sync/m)
  })

  test('SIGTERM while it waits for Consul: ends at once, and nothing was written', async () => {
    const gate = await makeGate(consul.address)
    const site = await makeDaemonSite(
      gate,
      (s) => plainFrontend(s) + consulBackend('app', 'none'),
      {
        loop: { syncTimeout: '1h' },
      },
    )
    const daemon = await startDaemon(site)
    await daemon.until((s) => s.consul.failing.length === 1)
    const sentMs = performance.now()
    expect((await daemon.stop()).code).toBe(0)
    expect(performance.now() - sentMs).toBeLessThan(3000)
    expect([...site.files().keys()]).not.toContain('haproxy.cfg')
  })

  test('HAProxy is killed: started again within the look time', async () => {
    const site = await makeApp('haproxy-killed')
    const daemon = await startDaemon(site)
    await daemon.servers('app', 1)
    const before = (await site.seen()).masterPid
    process.kill(before, 'SIGKILL')
    await expect
      .poll(
        () =>
          site.seen().then(
            (s) => s.masterPid,
            () => before,
          ),
        { timeout: 5000 },
      )
      .not.toBe(before)
    expect(await ask({ port: site.port })).toMatchObject({ status: 200 })
    await daemon.logged(/applied \(start\)[\s\S]*applied \(start\)/)
  })

  test.each([
    'in-pass',
    'after-maps',
    'before-rename',
    'after-rename',
    'after-reload',
    'after-proof',
  ])('a bug %s: logged, counted, HAProxy serves, and the daemon goes on', async (point) => {
    const app = `bug-${point}`
    const site = await makeApp(app)
    const daemon = await startDaemon(site, { env: failpoints(site, `${point}:throw`) })
    await daemon.servers('app', 1)
    const seen = await underLoad(site, [only(app)], async () => {
      site.write('armed', '')
      changeStructure(site)
      await putWebs(consul, app, [2])
      const sick = await daemon.until((s) => (s.passes['bug'] ?? 0) > 0)
      // After the proof all is done but the clean-up: the next pass, which the new file calls, is in sync.
      if (point !== 'after-proof')
        expect(sick).toMatchObject({
          sync: 'Failing',
          why: [expect.stringContaining('a bug in Legate')],
        })
      rmSync(site.path('armed'))
      await putWebs(consul, app, [3])
      await daemon.servers('app', 3)
    })
    expectClean(seen)
    expect(daemon.log).toContain(`a test asked for a bug at ${point}`)
  })
})
