/** A HAProxy that a person ends and starts again right after changes at run time has what it had: the file follows. */
import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { makeDaemonSite, startDaemon, type DaemonSite } from '../daemon/rig.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { startChanges } from './changes.ts'
import { serversOfConsul, serversOfFile, serversOfProcess, withoutNames } from './servers.ts'
import { manifestsOf } from './sites.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }
const CHANGES = 25

/** As an init script would. */
async function restartByHand(site: DaemonSite): Promise<void> {
  const { masterPid } = await site.seen()
  process.kill(masterPid, 'SIGTERM')
  await expect.poll(() => isThere(masterPid), { timeout: 10_000 }).toBe(false)
  const args = ['-W', '-S', `${site.path('m.sock')},mode,600`, '-f', site.configFile]
  spawn(haproxy ?? '', args, { stdio: 'ignore', detached: true, env: {} }).unref()
  const isUp = (): Promise<boolean> =>
    site.seen().then(
      ({ masterPid: pid, workerPid }) => pid !== masterPid && workerPid !== undefined,
      () => false,
    )
  await expect.poll(isUp, { timeout: 10_000 }).toBe(true)
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.skipIf(haproxy === undefined || shared === undefined)('a restart by hand', () => {
  test.each(['ended', 'at work'])('with Legate %s', async (legate) => {
    const name = `restart-${legate.replace(' ', '-')}`
    const changes = await startChanges(consul, [name], 7)
    const settings = {
      guards: { backendShare: 100, totalShare: 100 },
      loop: { look: '1s' },
    }
    const site = await makeDaemonSite(consul, manifestsOf([{ name }]), settings)
    expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0 })
    site.settings({ ...settings, haproxy: { hold: 'master-socket' } })
    const daemon = await startDaemon(site)
    await daemon.until((s) => s.sync === 'InSync')
    for (let done = 0; done < CHANGES; done += 1) await changes.next()

    const wanted = await serversOfConsul(consul, [name])
    const running = (): Promise<string[]> => serversOfProcess(site.path('m.sock'))
    await expect
      .poll(async () => withoutNames(await running()), { timeout: 20_000, interval: 20 })
      .toEqual(wanted)
    const before = await running()
    // Within a second, however long the process took.
    await expect.poll(() => serversOfFile(site.configFile), { timeout: 1000 }).toEqual(before)
    if (legate === 'ended') await daemon.kill()
    await restartByHand(site)
    expect(await running()).toEqual(before)
    expect((await site.seen()).reloads).toBe(0)
    if (legate === 'ended') return
    await daemon.until((s) => s.sync === 'InSync' && s.haproxy !== undefined)
    await changes.next()
    const then = await serversOfConsul(consul, [name])
    await expect.poll(async () => withoutNames(await running()), { timeout: 20_000 }).toEqual(then)
    expect((await site.seen()).reloads).toBe(0)
  })
})
