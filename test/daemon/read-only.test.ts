/** Legate may not write, or not even read, what it is to keep: told clearly, nothing is half done, and healed by itself. */
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { backend, consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { ROOT } from '../tools/site.ts'
import type { DaemonSite } from './rig.ts'
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

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }
const isRoot = process.getuid?.() === 0
const canMount =
  isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
/** Nobody must be able to run Legate from where it lies. */
const canDrop = isRoot && spawnSync(NOBODY[0] ?? '', [...NOBODY.slice(1), 'ls', ROOT]).status === 0
const hasParts = haproxy !== undefined && shared !== undefined

async function makeApplied(app: string): Promise<DaemonSite> {
  await putWebs(consul, app, [1])
  const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
  expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0 })
  return site
}

/** For the command that follows, all of the folder but the state is read-only. */
const READ_ONLY = `
  mount --bind "$0" "$0" && mount --bind "$0/state" "$0/state" &&
  mount -o remount,ro,bind "$0" && exec "$@"`

function mount(pid: number, how: string, folder: string): void {
  const argv = ['-t', String(pid), '-m', 'mount', '-o', `remount,${how},bind`, folder]
  expect(spawnSync('nsenter', argv)).toMatchObject({ status: 0 })
}

/** A change that only a reload can make. */
function changeStructure(site: DaemonSite): void {
  const source = 'source: { static: { servers: [{ name: one, address: 127.0.0.1, port: 9 }] } }'
  site.write('manifests/more.yaml', backend('more', [source]).slice('---\n'.length))
}

describe('a file system', () => {
  test.skipIf(!hasParts || !canMount)(
    'that becomes read-only: the process follows Consul, the file follows when it may',
    async () => {
      const app = 'read-only'
      const site = await makeApplied(app)
      const starter = ['unshare', '-m', 'sh', '-c', READ_ONLY, site.folder]
      const daemon = await startDaemon(site, { starter })
      await daemon.servers('app', 1)
      const before = site.read('haproxy.cfg')
      const seen = await underLoad(site, [only(app)], async () => {
        await putWebs(consul, app, [2])
        await daemon.until((s) => s.sync === 'Failing')
        await daemon.logged(`cannot write ${site.configFile}: the file system is read-only`)
        expect(daemon.log).toContain('mount it for writing')
        await expect.poll(() => serversIn(site)).toBe(2)
        changeStructure(site)
        await daemon.until((s) => s.sync === 'Failing' && s.pending?.action === 'reload')
        expect((await site.seen()).reloads).toBe(0)
        expect(site.read('haproxy.cfg')).toBe(before)
        mount(daemon.pid, 'rw', site.folder)
        await daemon.until((s) => s.sync === 'InSync' && s.haproxy?.reloads === 1, 30_000)
      })
      expectClean(seen)
      expect(seen.changes).toBe(1)
      expect([...site.files().keys()].filter((name) => /tmp$|previous/.test(name))).toEqual([])
      await expectNoDrift(site)
    },
  )

  test.skipIf(!hasParts || !canDrop)(
    'whose files are of somebody else: told at the start, with what to do, and nothing is touched',
    async () => {
      const site = await makeApplied('of-others')
      chmodSync(site.folder, 0o755)
      for (const name of [
        'state',
        ...[...site.files().keys()].filter((n) => n.startsWith('state')),
      ])
        chownSync(site.path(name), 65_534, 65_534)
      changeStructure(site)
      const before = site.files().get('haproxy.cfg')
      const { code, stderr } = await site.run(['reconcile', '--once'], { starter: NOBODY })
      expect({ code, stderr }).toMatchObject({ code: 1 })
      expect(stderr).toContain(`${site.configFile} cannot be read (EACCES)`)
      expect(stderr).toContain('the user that runs Legate must be able to read and write it')
      expect(site.files().get('haproxy.cfg')).toBe(before)
      expect((await site.seen()).reloads).toBe(0)
      chmodSync(site.configFile, 0o644)
      const readable = await site.run(['reconcile', '--once'], { starter: NOBODY })
      expect(readable).toMatchObject({ code: 1 })
      expect(readable.stderr).toContain(`${site.path('m.sock')} cannot be used (EACCES)`)
      expect(existsSync(site.path('state/previous.cfg'))).toBe(false)
    },
  )
})
