/** HAProxy hangs, dies, refuses or is handled by others while a daemon follows Consul: what is told, and that it heals by itself. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../src/haproxy/proc.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { freePort } from '../tools/free-port.ts'
import { makeBetween, type Between } from '../haproxy/socket-between.ts'
import { inSoak } from './durations.ts'
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

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

interface Run {
  readonly site: DaemonSite
  readonly daemon: Daemon
}

/** HAProxy is others' to start; Legate has its master socket. */
async function makeRun(
  app: string,
  haproxySettings: (site: DaemonSite) => object | Promise<object> = () => ({}),
  changes: Changes = {},
): Promise<Run> {
  await putWebs(consul, app, [1])
  const manifests = (s: { readonly port: number }): string =>
    plainFrontend(s) + consulBackend('app', app)
  const site = await makeDaemonSite(consul, manifests, changes)
  expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0 })
  site.settings({
    ...changes,
    haproxy: { hold: 'master-socket', ...(await haproxySettings(site)) },
  })
  const daemon = await startDaemon(site)
  await daemon.servers('app', 1)
  return { site, daemon }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended.
  }
}

/** As a person would, or systemd. */
async function startByHand(site: DaemonSite): Promise<void> {
  const args = ['-W', '-S', `${site.path('m.sock')},mode,600`, '-f', site.configFile]
  spawn(haproxy ?? '', args, { stdio: 'ignore', detached: true, env: {} }).unref()
  await expect
    .poll(
      () =>
        site.seen().then(
          (s) => s.workerPid,
          () => undefined,
        ),
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0)
}

describe.skipIf(haproxy === undefined || shared === undefined)('HAProxy', () => {
  test('has a master that freezes once it is told to reload: told, nobody notices, heals', async () => {
    const app = 'frozen-master'
    const { site, daemon } = await makeRun(app, () => ({
      socketTimeout: '500ms',
      reloadTimeout: '1s',
    }))
    const { masterPid } = await site.seen()
    onTestFinished(() => send(masterPid, 'SIGCONT'))
    const seen = await underLoad(site, [only(app)], async () => {
      const before = site.read('haproxy.cfg')
      changeStructure(site, 'more')
      while (site.read('haproxy.cfg') === before) await pause(2)
      send(masterPid, 'SIGSTOP')
      await daemon.logged('The previous files are back, but HAProxy is not proven on them')
      await daemon.until((s) => s.sync === 'Failing')
      expect(site.read('haproxy.cfg')).toBe(before)
      await putWebs(consul, app, [2])
      await pause(500)
      send(masterPid, 'SIGCONT')
      await daemon.until((s) => s.sync === 'Held' && s.backends[0]?.available === 2, 20_000)
      await expect.poll(() => serversIn(site), { timeout: 10_000 }).toBe(2)
      changeStructure(site, 'mended')
      await isInForce(daemon, 'mended')
    })
    // The reload that was frozen, and the one that goes back.
    expectClean(seen, 2)
    expect((await site.seen()).masterPid).toBe(masterPid)
    await expectNoDrift(site)
  })

  test('has a socket that hangs: told, traffic and files stay as they are, heals', async () => {
    const app = 'hanging-socket'
    const ways: Between[] = []
    const { site, daemon } = await makeRun(app, async (s) => {
      ways.push(await makeBetween(s.path('b.sock'), s.path('m.sock')))
      return { masterSocket: s.path('b.sock'), socketTimeout: '300ms' }
    })
    const [between] = ways
    if (between === undefined) throw new Error('no socket')
    const before = site.read('haproxy.cfg')
    const seen = await underLoad(site, [only(app)], async () => {
      for (const [hung, number] of [
        [/^/, 2],
        // In the middle of a change.
        [/ set server \S+ state ready$/, 3],
      ] as const) {
        between.meet = (line) => (hung.test(line) ? 'hang' : 'pass')
        await putWebs(consul, app, [number])
        const sick = await daemon.until((s) => s.sync === 'Failing')
        expect(sick.why).toEqual([expect.stringContaining('gave no whole answer in 300 ms')])
        if (number === 2) expect(site.read('haproxy.cfg')).toBe(before)
        between.meet = () => 'pass'
        await daemon.servers('app', number)
        await expect.poll(() => serversIn(site)).toBe(number)
      }
    })
    expectClean(seen)
    expect(seen.reloads).toBe(0)
    await expectNoDrift(site)
  })

  // Up to 3.2 one goes with the other.
  test.each(inSoak(['worker', 'master'] as const, ['master'] as const))(
    'loses its %s: told with what to do; started by hand it has all that came meanwhile',
    async (which) => {
      const app = `lost-${which}`
      const { site, daemon } = await makeRun(app)
      const { masterPid, workerPid = 0, pids } = await site.seen()
      send(which === 'master' ? masterPid : workerPid, 'SIGKILL')
      await expect.poll(() => pids.map(isAlive).includes(true)).toBe(false)
      const sick = await daemon.until((s) => s.sync !== 'InSync')
      expect(sick.why.join()).toContain('HAProxy is down')
      expect(daemon.log).toContain('systemctl start haproxy')
      await putWebs(consul, app, [2])
      await daemon.until((s) => s.backends[0]?.available === 2)
      await startByHand(site)
      await daemon.servers('app', 2, 15_000)
      const seen = await underLoad(site, [only(app)], async () => {
        await expect.poll(() => serversIn(site), { timeout: 10_000 }).toBe(2)
        await putWebs(consul, app, [3])
        await daemon.servers('app', 3)
        await expect.poll(() => serversIn(site)).toBe(3)
        await pause(500)
      })
      expectClean(seen)
      expect(seen.reloads).toBe(0)
      await expectNoDrift(site)
    },
  )

  test('cannot have a port: found before the reload, held, instances go on; freed, it heals', async () => {
    const app = 'port-taken'
    const { site, daemon } = await makeRun(app)
    const [taken, other] = [await freePort(), createServer()]
    await new Promise<void>((done) => {
      other.listen(taken, '127.0.0.1', done)
    })
    onTestFinished(() => void other.close())
    const seen = await underLoad(site, [only(app)], async () => {
      const listen = plainFrontend({ port: taken }).replaceAll(/name: (web|all)/g, 'name: $1-2')
      site.write('manifests/more.yaml', listen)
      await daemon.until((s) => s.held !== undefined && s.sync === 'Held')
      expect(daemon.log).toContain(`127.0.0.1:${taken}, where node (pid ${process.pid})`)
      await putWebs(consul, app, [2])
      await daemon.until((s) => s.backends[0]?.available === 2)
      await expect.poll(() => serversIn(site)).toBe(2)
      expect((await site.seen()).reloads).toBe(0)
      await new Promise((done) => other.close(done))
      site.write('manifests/more.yaml', `# once more\n${listen}`)
      await daemon.until((s) => s.sync === 'InSync' && s.haproxy?.reloads === 1)
    })
    expectClean(seen)
  })

  test('refuses at the reload what nobody has foreseen: the last good one is back, and no loop', async () => {
    const app = 'reload-refused'
    const { site, daemon } = await makeRun(app, () => ({ preflight: 'Off', trial: 'Off' }))
    const [taken, other] = [await freePort(), createServer()]
    await new Promise<void>((done) => {
      other.listen(taken, '127.0.0.1', done)
    })
    onTestFinished(() => void other.close())
    const before = [site.read('haproxy.cfg'), (await site.seen()).structure]
    site.write(
      'manifests/more.yaml',
      plainFrontend({ port: taken }).replaceAll(/name: (web|all)/g, 'name: $1-2'),
    )
    await daemon.until((s) => s.held !== undefined && s.sync === 'Held', 20_000)
    await putWebs(consul, app, [2])
    await daemon.until((s) => s.backends[0]?.available === 2)
    await expect.poll(() => serversIn(site)).toBe(2)
    expect((await site.seen()).structure).toBe(before[1])
    // The one that failed and the one that went back.
    expect((await site.seen()).reloads).toBeLessThanOrEqual(2)
    await pause(1500)
    expect((await site.seen()).reloads).toBeLessThanOrEqual(2)
    expect(daemon.log.match(/ error HAProxy did not take the new configuration/g)).toHaveLength(1)
  })
})
