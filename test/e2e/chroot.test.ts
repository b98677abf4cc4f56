/** A chroot that does not exist passes `haproxy -c` and kills HAProxy before 3.1: the three ways it can go. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { atLeast, parseVersion } from '../../src/model/version.ts'
import { plainFrontend, staticBackend } from './manifests.ts'
import { haproxy, makeSite, until, type Site } from './rig.ts'
import { ask, startWeb } from './web.ts'

const version = haproxy === undefined ? '' : execFileSync(haproxy, ['-v'], { encoding: 'utf8' })
/** From 3.1 on the old worker serves until the new one is ready. */
const survives = atLeast(parseVersion(version) ?? '2.6', '3.1')

const isRoot = process.geteuid?.() === 0
if (!isRoot) process.stderr.write('\n*** Only root may chroot: its tests are SKIPPED.\n\n')

function deadly({ folder }: Site): string {
  return `---
apiVersion: legate/v1
kind: Global
metadata: { name: global }
spec: { chroot: ${folder}/nowhere }
`
}

interface Scene {
  readonly site: Site
  /** The configuration that serves. */
  readonly old: string
}

async function makeScene(settle: (site: Site) => Promise<void>): Promise<Scene> {
  const web = await startWeb('app-1')
  const site = await makeSite((place) => plainFrontend(place) + staticBackend('app', { one: web }))
  await settle(site)
  const old = site.read('haproxy.cfg')
  site.edit('manifests/site.yaml', (text) => text + deadly(site))
  return { site, old }
}

async function expectServed({ site, old }: Scene): Promise<void> {
  expect(await ask({ port: site.port })).toMatchObject({ status: 200, server: 'app-1' })
  expect(site.read('haproxy.cfg')).toBe(old)
}

/** The commit is taken back, and the site is as if nothing had been. */
async function expectHealed(site: Site): Promise<void> {
  site.edit('manifests/site.yaml', (text) => text.replace(deadly(site), ''))
  const healed = await site.legate('reconcile', '--once')
  expect(healed).toMatchObject({ code: 0, stderr: '' })
  expect(healed.stdout).toContain('in sync')
}

async function supervise(site: Site): Promise<void> {
  expect((await site.legate('reconcile', '--once')).code).toBe(0)
}

/** In a session of its own, as systemd does: in a shell's, the signals of a reload would stop its workers. */
function startByHand(site: Site): ChildProcess {
  const args = ['-W', '-S', site.path('m.sock'), '-f', site.configFile]
  return spawn(haproxy ?? '', args, { env: {}, stdio: 'ignore', detached: true })
}

describe.skipIf(haproxy === undefined || !isRoot)('a chroot that does not exist', () => {
  test('is found before the reload: exit 1, nothing is changed', async () => {
    const scene = await makeScene(supervise)
    const { site } = scene
    const [process, config] = [await site.seen(), site.files().get('haproxy.cfg')]

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(1)
    expect(stderr).toContain(`the chroot folder ${site.folder}/nowhere does not exist`)
    expect(stderr).toContain('nothing was changed')
    expect(stdout).not.toContain('applied')
    expect(await site.seen()).toEqual(process)
    expect(site.files().get('haproxy.cfg')).toBe(config)
    await expectServed(scene)
    await expectHealed(site)
  })

  test('kills the one that Legate keeps, where it is not looked for: started again, proven, exit 1', async () => {
    const scene = await makeScene(supervise)
    const { site } = scene
    const before = await site.seen()
    site.settings({ haproxy: { preflight: 'Off', trial: 'Off' } })

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(1)
    expect(stderr).toContain('The previous one is back and proven')
    expect(stderr).toContain('nowhere')
    expect(stdout).not.toContain('applied')
    await expectServed(scene)
    const after = await site.seen()
    expect(after.structure).toBe(before.structure)
    expect(after.masterPid !== before.masterPid).toBe(!survives)
    expect(site.read('state/haproxy.cfg.rejected')).toContain('nowhere')
    await expectHealed(site)
  })

  test.skipIf(survives)(
    'kills the one that others keep: the files are back, exit 1, and how to start it is said',
    async () => {
      let byHand: ChildProcess | undefined
      const scene = await makeScene(async (site) => {
        site.settings({ haproxy: { hold: 'master-socket', preflight: 'Off', trial: 'Off' } })
        const first = await site.legate('reconcile', '--once')
        expect(first.code).toBe(1)
        expect(first.stderr).toContain('HAProxy is down: the new configuration is in its place')
        byHand = startByHand(site)
        await until(() =>
          site
            .seen()
            .then(({ workerPid }) => workerPid !== undefined)
            .catch(() => false),
        )
        expect((await site.legate('reconcile', '--once')).stdout).toContain('in sync')
      })
      const { site, old } = scene
      await expectServed(scene)
      const died = once(byHand ?? startByHand(site), 'exit')

      const { code, stdout, stderr } = await site.legate('reconcile', '--once')

      await died
      expect(code).toBe(1)
      expect(stderr).toContain('legate: HAProxy is down: ')
      expect(stderr).toContain('The previous files are back')
      expect(stderr).toContain(`haproxy -W -D -S ${site.path('m.sock')} -f ${site.configFile}`)
      expect(stderr).toContain('haproxy.startCommand')
      expect(stdout).not.toContain('applied')
      expect(site.read('haproxy.cfg')).toBe(old)

      startByHand(site)
      await until(async () => (await ask({ port: site.port })).status === 200)
      await expectServed(scene)
      await expectHealed(site)
    },
  )
})
